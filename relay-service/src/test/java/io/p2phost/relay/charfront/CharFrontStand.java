package io.p2phost.relay.charfront;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AddressLimits.Share;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.Networks;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.front.SourceAddresses;
import io.p2phost.ro.client.ClientVersions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The char-server's port of a relay, on real sockets. */
final class CharFrontStand implements AutoCloseable {
    static final Duration SOON = Duration.ofMillis(400);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SourceAddresses sources = new SourceAddresses(new byte[SourceAddresses.KEY_BYTES]);
    final CharFront front;
    private final LinkTransport transport = LinkTransport.start("char-front", 1);

    /** What a test changes. */
    static final class Change {
        int port;
        String charServer = "127.0.0.1:1";
        Share address = new Share(1_000, 10_000, 10_000);
        int entering = 1_000;
        List<String> deny = List.of();
        List<String> proxies = List.of();
        Duration letIn = Duration.ofSeconds(10);
        Duration stalled = Duration.ofSeconds(60);
        Set<Place> fronts = Set.of();
        Place own = Place.parse("127.0.0.1:7000");
    }

    CharFrontStand(Change change) {
        front = new CharFront(
                new CharFront.Settings(
                        "127.0.0.1",
                        change.port,
                        change.charServer,
                        new Front.Limits(
                                new AddressLimits.Rules(
                                        1_000, change.address, new Share(1_000, 10_000, 10_000), 10_000),
                                change.entering,
                                new AddressLimits.Rules(900, 900, 10_000, 10_000, 10_000),
                                Networks.NONE,
                                Networks.parse(change.deny),
                                Networks.parse(change.proxies),
                                2_000_000,
                                change.stalled),
                        new CharFront.Packets(
                                CharClientPackets.of(ClientVersions.BUILT_IN, Map.of()),
                                ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN)),
                        () -> new CharFront.Addresses(change.fronts, change.own),
                        new CharFront.Timing(SOON, Duration.ofSeconds(2), change.letIn, SOON)),
                transport,
                sources,
                new CharFrontMetrics(meters));
        front.start();
    }

    double count(String name, String tag, String value) {
        return meters.get(name).tag(tag, value).counter().count();
    }

    double refused(String reason) {
        return count("p2p_relay_char_refused_total", "reason", reason);
    }

    double dropped(String reason) {
        return count("p2p_relay_dropped_total", "reason", reason);
    }

    double named(String address) {
        return count("p2p_relay_char_named_total", "address", address);
    }

    @Override
    public void close() {
        front.close();
        transport.close();
    }
}
