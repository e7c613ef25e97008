package io.p2phost.agent.link.net;

import io.p2phost.agent.gateway.Messages.Relay;
import io.p2phost.agent.serving.LocalServer;
import io.p2phost.agent.serving.Serving;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tunnel.OpenAnswer;
import io.p2phost.links.tunnel.TunnelClient;
import io.p2phost.links.tunnel.TunnelClientListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One relay of the session and the tunnel to it, which can be stopped and started again. */
final class RelayTunnel implements TunnelClientListener, LinkMetrics {
    private static final Logger log = LoggerFactory.getLogger(RelayTunnel.class);

    /** Weight of a new round trip in the smoothed one, as TCP has it. */
    private static final double SMOOTHING = 1.0 / 8;

    private final Relay relay;
    private final String software;
    private final NetLinks owner;
    private volatile @Nullable TunnelClient client;
    private volatile double smoothedMillis = Double.NaN;

    RelayTunnel(Relay relay, String software, NetLinks owner) {
        this.relay = relay;
        this.software = software;
        this.owner = owner;
    }

    Relay relay() {
        return relay;
    }

    /** Dials, unless it does already. */
    void start(RotatingTls tls, LinkTransport transport) {
        if (client == null) {
            TunnelClient fresh = new TunnelClient(
                    TunnelClient.Options.of(
                            InetSocketAddress.createUnresolved(relay.host(), relay.tunnelPort()), software),
                    tls,
                    transport,
                    owner.places(),
                    this,
                    this);
            client = fresh;
            fresh.start();
        }
    }

    /** Hangs up; the caller's lock is never waited for, so this may be called with locks held. */
    void stop() {
        TunnelClient present = client;
        client = null;
        smoothedMillis = Double.NaN;
        if (present != null) {
            present.close();
        }
    }

    boolean isConnected() {
        TunnelClient present = client;
        return present != null && present.isConnected();
    }

    /** Smoothed round trip; null while unknown. */
    @Nullable
    Double latencyMillis() {
        double millis = smoothedMillis;
        return Double.isNaN(millis) || !isConnected() ? null : Math.round(millis * 100) / 100d;
    }

    void ready(MapName map, Epoch epoch, boolean ready, String detail) {
        TunnelClient present = client;
        if (present != null) {
            // Without a tunnel nothing is said: it is said again when one is up.
            present.ready(map, epoch, ready, detail);
        }
    }

    void drop(MapName map, Epoch below, ResetCode code) {
        TunnelClient present = client;
        if (present != null) {
            present.drop(map, below, code);
        }
    }

    int streams(MapName map) {
        TunnelClient present = client;
        return present == null ? 0 : present.streams(map);
    }

    int streams() {
        TunnelClient present = client;
        return present == null ? 0 : present.streams();
    }

    @Override
    public void connected(String relayId) {
        log.info("relay {} connected", relay.relayId());
        owner.later(Serving::tunnelUp);
    }

    @Override
    public void assign(MapName map, Epoch epoch, CellRole role) {
        owner.later(serving -> {
            switch (role) {
                case PRIMARY -> serving.assign(map, epoch);
                case STANDBY -> serving.standBy(map, epoch);
            }
        });
    }

    @Override
    public void fenced(MapName map, Epoch currentEpoch) {
        owner.later(serving -> serving.fencedBelow(map, currentEpoch));
    }

    @Override
    public OpenAnswer open(MapName map, Epoch epoch) {
        Serving serving = owner.servingOrNull();
        Optional<LocalServer> target = serving == null ? Optional.empty() : serving.target(map, epoch);
        if (target.isEmpty()) {
            return OpenAnswer.notServed();
        }
        if (!owner.hasRoom()) {
            return new OpenAnswer.Reject(ResetCode.LIMIT);
        }
        return OpenAnswer.accept(InetSocketAddress.createUnresolved(
                target.get().host(), target.get().port()));
    }

    @Override
    public void cellUnreachable(MapName map, Epoch epoch) {
        owner.later(serving -> serving.targetLost(map, epoch));
    }

    @Override
    public void goAway(GoAwayCode code) {
        log.warn("relay {} ends the tunnel: {}", relay.relayId(), code);
    }

    @Override
    public void disconnected(CloseReason reason, Duration nextAttempt) {
        log.warn("relay {} not connected ({}), next attempt in {} ms", relay.relayId(), reason, nextAttempt.toMillis());
    }

    @Override
    public void sourceRefused() {
        owner.sourceRefused();
    }

    @Override
    public void roundTrip(long nanos) {
        double millis = nanos / 1e6;
        double before = smoothedMillis;
        smoothedMillis = Double.isNaN(before) ? millis : before + SMOOTHING * (millis - before);
    }
}
