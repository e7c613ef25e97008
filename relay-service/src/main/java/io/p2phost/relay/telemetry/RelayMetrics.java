package io.p2phost.relay.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.p2phost.links.CloseReason;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.relay.player.Kind;
import io.p2phost.relay.player.PlayerEvents;
import io.p2phost.relay.player.PlayerEvents.TurnedAway;
import io.p2phost.relay.player.PlayerSettings.Form;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the relay counts of its tunnels and player connections. Every label is from a fixed set. */
public final class RelayMetrics implements LinkMetrics {
    private final Map<DropReason, Counter> dropped = new EnumMap<>(DropReason.class);
    private final Map<DropReason, Counter> playersDropped = new EnumMap<>(DropReason.class);
    private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);
    private final Map<TurnedAway, Counter> refused = new EnumMap<>(TurnedAway.class);
    private final Map<Form, Counter> moved = new EnumMap<>(Form.class);
    private final Counter entered;
    private final Counter givenUp;
    private final Counter opaque;
    private final Counter slowed;
    private final Map<Kind, Counter> tooMany = new EnumMap<>(Kind.class);
    private final Counter fled;
    private final Counter deferred;
    private final Counter proxyChecks;
    private final Timer back;
    private final LongAdder alone = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final Counter unreadableSeen;
    private final Map<GoAwayCode, Counter> turnedAway = new EnumMap<>(GoAwayCode.class);
    private final Counter admitted;
    private final Counter claimsDropped;
    private final Counter opened;
    private final Counter resumed;
    private final Counter expired;
    private final Counter stalls;
    private final Timer roundTrips;
    private final LongAdder toServers = new LongAdder();
    private final LongAdder toPlayers = new LongAdder();
    private final LongAdder buffered = new LongAdder();
    private final AtomicInteger nativeTls = new AtomicInteger();

    public RelayMetrics(MeterRegistry meters) {
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason, meters.counter("p2p_relay_dropped_total", "part", "tunnels", "reason", label(reason)));
            playersDropped.put(
                    reason, meters.counter("p2p_relay_dropped_total", "part", "players", "reason", label(reason)));
        }
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, meters.counter("p2p_relay_tunnels_closed_total", "reason", label(reason)));
        }
        for (TurnedAway reason : TurnedAway.values()) {
            refused.put(reason, meters.counter("p2p_relay_refused_total", "reason", label(reason)));
        }
        for (Form form : Form.values()) {
            moved.put(form, meters.counter("p2p_relay_players_moved_total", "form", label(form)));
        }
        entered = meters.counter("p2p_relay_players_entered_total");
        givenUp = meters.counter("p2p_relay_players_given_up_total");
        opaque = meters.counter("p2p_relay_opaque_streams_total");
        slowed = meters.counter("p2p_relay_players_slowed_total");
        for (Kind kind : Kind.values()) {
            tooMany.put(kind, meters.counter("p2p_relay_packets_dropped_total", "kind", label(kind)));
        }
        fled = meters.counter("p2p_relay_players_fled_total");
        deferred = meters.counter("p2p_relay_entries_total", "outcome", "deferred");
        proxyChecks = meters.counter("p2p_relay_proxy_checks_total");
        back = Timer.builder("p2p_relay_back_in_game")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        meters.gauge("p2p_relay_protected_players", unreadable, LongAdder::sum);
        unreadableSeen = meters.counter("p2p_relay_protected_streams_total");
        meters.gauge("p2p_relay_players_alone", alone, LongAdder::sum);
        for (GoAwayCode code : GoAwayCode.values()) {
            turnedAway.put(code, meters.counter("p2p_relay_admissions_total", "outcome", label(code)));
        }
        admitted = meters.counter("p2p_relay_admissions_total", "outcome", "admitted");
        claimsDropped = meters.counter("p2p_relay_claims_dropped_total");
        opened = meters.counter("p2p_relay_tunnels_opened_total");
        resumed = meters.counter("p2p_relay_streams_kept_total", "outcome", "resumed");
        expired = meters.counter("p2p_relay_streams_kept_total", "outcome", "expired");
        stalls = meters.counter("p2p_relay_window_stalls_total");
        roundTrips = Timer.builder("p2p_relay_tunnel_round_trip")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        meters.more().counter("p2p_relay_bytes_total", Tags.of("to", "servers"), toServers);
        meters.more().counter("p2p_relay_bytes_total", Tags.of("to", "players"), toPlayers);
        meters.gauge("p2p_relay_window_bytes", buffered, LongAdder::sum);
        meters.gauge("p2p_relay_tunnels_native_tls", nativeTls);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** For the players' sockets, which are counted apart. */
    public LinkMetrics ofPlayers() {
        return new LinkMetrics() {
            @Override
            public void dropped(DropReason reason) {
                count(playersDropped.get(reason));
            }
        };
    }

    /** For the players' sessions. */
    public PlayerEvents ofSessions() {
        return sessions;
    }

    private final PlayerEvents sessions = new PlayerEvents() {
        @Override
        public void turnedAway(TurnedAway why) {
            count(refused.get(why));
        }

        @Override
        public void entered() {
            entered.increment();
        }

        @Override
        public void moved(Form form) {
            count(moved.get(form));
        }

        @Override
        public void backAfter(long nanos) {
            back.record(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void alone(boolean now) {
            alone.add(now ? 1 : -1);
        }

        @Override
        public void givenUp() {
            givenUp.increment();
        }

        @Override
        public void opaque() {
            opaque.increment();
        }

        @Override
        public void unreadable(boolean now) {
            unreadable.add(now ? 1 : -1);
            if (now) {
                unreadableSeen.increment();
            }
        }

        @Override
        public void slowed() {
            slowed.increment();
        }

        @Override
        public void tooMany(Kind kind) {
            count(tooMany.get(kind));
        }

        @Override
        public void fled() {
            fled.increment();
        }
    };

    /** A newcomer's question to db-proxy has to wait. */
    public void entryDeferred() {
        deferred.increment();
    }

    /** A proxy looked whether the relay is there. */
    public void proxyChecked() {
        proxyChecks.increment();
    }

    /** Bytes from a player. */
    public void fromPlayers(int bytes) {
        toServers.add(bytes);
    }

    /** Bytes to a player. */
    public void toPlayers(int bytes) {
        toPlayers.add(bytes);
    }

    /** A host was judged at its hello: empty when it was admitted, else what it was told. */
    public void judged(Optional<GoAwayCode> refusal) {
        count(refusal.map(turnedAway::get).orElse(admitted));
    }

    /** A READY ahead of its route was dropped because its host has too many of them. */
    public void claimDropped() {
        claimsDropped.increment();
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void accepting(boolean isNative) {
        nativeTls.set(isNative ? 1 : 0);
    }

    @Override
    public void dropped(DropReason reason) {
        count(dropped.get(reason));
    }

    @Override
    public void opened() {
        opened.increment();
    }

    @Override
    public void closed(CloseReason reason) {
        count(closed.get(reason));
    }

    @Override
    public void buffered(int deltaBytes) {
        buffered.add(deltaBytes);
    }

    @Override
    public void resumed(int streams) {
        resumed.increment(streams);
    }

    @Override
    public void expired(int streams) {
        expired.increment(streams);
    }

    @Override
    public void windowStalled() {
        stalls.increment();
    }

    @Override
    public void roundTrip(long nanos) {
        roundTrips.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Bytes from players to map-servers since the start. */
    public long bytesToServers() {
        return toServers.sum();
    }

    /** Bytes from map-servers to players since the start. */
    public long bytesToPlayers() {
        return toPlayers.sum();
    }

    /** Bytes that players' sockets have not taken yet. */
    public long bufferedBytes() {
        return buffered.sum();
    }
}
