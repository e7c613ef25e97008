package io.p2phost.relay;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.relay.codec.Codecs;
import io.p2phost.relay.codec.StreamCodec;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Kind;
import io.p2phost.relay.player.PlayerSettings;
import io.p2phost.relay.player.PlayerSettings.Rate;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientIds;
import io.p2phost.ro.client.ClientVersions;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the clients of this relay speak and are treated, from its settings. */
final class Clients {
    /** No client's map is known here; the name only tells what the way is for. */
    private static final MapName ANY = MapName.of("protected");

    private final RelayProperties relay;
    private final ClientProperties clients;

    Clients(RelayProperties relay, ClientProperties clients) {
        this.relay = relay;
        this.clients = clients;
    }

    PlayerSettings settings(int frontPort) {
        RelayProperties.Rates rates = relay.rates();
        boolean proven = relay.spliceVersions().contains(relay.clientVersion());
        return new PlayerSettings(
                lengths(),
                ids(),
                reserve(),
                proven ? PlayerSettings.Form.SPLICE : PlayerSettings.Form.SERVER_MOVE,
                publicAddress(),
                frontPort,
                new PlayerSettings.Flow(
                        relay.players().packetsPerSecond(),
                        relay.players().packetBurst(),
                        relay.players().bytesPerSecond(),
                        relay.players().byteBurst(),
                        Map.of(
                                Kind.CHAT, new Rate(rates.chatPerSecond(), rates.chatBurst()),
                                Kind.MOVE, new Rate(rates.movesPerSecond(), rates.moveBurst()),
                                Kind.ACTION, new Rate(rates.actionsPerSecond(), rates.actionBurst()))),
                PlayerSettings.Timing.USUAL.withLimbo(relay.limbo()).withCombat(relay.combat()));
    }

    @Nullable
    StreamCodec codec() {
        if (clients.codec() == null) {
            return null;
        }
        try {
            return Codecs.named(clients.codec(), new StreamCodec.Context(lengths(), ids(), clients.codecSettings()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("p2p.relay.clients.codec: " + e.getMessage(), e);
        }
    }

    private ClientIds ids() {
        return ClientIds.of(clients.packets());
    }

    private @Nullable Destination reserve() {
        String address = clients.protectedTo();
        return address == null ? null : new Destination(Owner.vps("reserve", address), ANY, Epoch.NONE, 0, 0, 0, 0);
    }

    PacketLengths lengths() {
        ClientVersions known = ClientVersions.builtIn();
        Path file = relay.clientLengths();
        try {
            return (file == null ? known : known.with(relay.clientVersion(), file)).lengths(relay.clientVersion());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "p2p.relay.client-lengths: " + file + " (expected: a readable recvpackets.txt)", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("p2p.relay.client-version: " + e.getMessage(), e);
        }
    }

    /** Clients are told an address, and older ones know IPv4 only. */
    int publicAddress() {
        try {
            for (InetAddress found : InetAddress.getAllByName(relay.publicHost())) {
                if (found instanceof Inet4Address) {
                    return ByteBuffer.wrap(found.getAddress()).getInt();
                }
            }
        } catch (UnknownHostException e) {
            // Said below.
        }
        throw new IllegalArgumentException("p2p.relay.public-host: " + relay.publicHost()
                + " (expected: a name or address that players reach by IPv4)");
    }
}
