package io.p2phost.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.relay.charfront.CharClientPackets;
import io.p2phost.relay.charfront.CharFront;
import io.p2phost.relay.charfront.CharFrontMetrics;
import io.p2phost.relay.charfront.Place;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.front.SourceAddresses;
import io.p2phost.relay.player.PlayerSettings;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the char-server's port for clients, where a relay has one. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("p2p.relay.char-front.port")
class CharFrontConfiguration {
    /** The char-server asks the login-server. */
    private static final Duration LET_IN = Duration.ofSeconds(30);

    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final RelayProperties relay;
    private final CharFrontProperties properties;
    private final String bindAddress;

    CharFrontConfiguration(
            RelayProperties relay, CharFrontProperties properties, @Value("${p2p.bind-address}") String httpAddress) {
        this.relay = relay;
        this.properties = properties;
        this.bindAddress =
                relay.bindAddress() == null || relay.bindAddress().isBlank() ? httpAddress : relay.bindAddress();
    }

    /** The front is there before it: that is where players are sent to. */
    @Bean
    CharFront charFront(
            Front front,
            Front.Limits limits,
            ClientProperties clientProperties,
            LinkTransport transport,
            SourceAddresses sources,
            MeterRegistry meters) {
        Clients clients = new Clients(relay, clientProperties);
        int port = properties.port() == null ? 0 : properties.port();
        CharFront made = new CharFront(
                new CharFront.Settings(
                        bindAddress,
                        port,
                        properties.charServer(),
                        limits,
                        new CharFront.Packets(
                                CharClientPackets.of(relay.clientVersion(), properties.lengths()), clients.lengths()),
                        addresses(front, clients.publicAddress()),
                        new CharFront.Timing(
                                PlayerSettings.Timing.USUAL.firstPacket(), relay.connectTimeout(), LET_IN, LAST_WORDS)),
                transport,
                sources,
                new CharFrontMetrics(meters));
        meters.gauge("p2p_relay_char_clients", made, CharFront::connections);
        meters.gauge("p2p_relay_char_entering", made, CharFront::entering);
        if (relay.takeover().socket() == null) {
            // Else another process may still have the port: it is opened with the other doors.
            made.start();
        }
        return made;
    }

    private Supplier<CharFront.Addresses> addresses(Front front, int publicAddress) {
        Set<Place> told = properties.places();
        return () -> {
            Place own = new Place(publicAddress, front.ports().getFirst());
            return new CharFront.Addresses(told.isEmpty() ? Set.of(own) : told, own);
        };
    }
}
