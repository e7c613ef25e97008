package io.p2phost.dbproxy.ownership;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.hosts.HostStates;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The single arbiter of who owns a map in effect. Order of a change: if it is planned, the owner now lets its players go
 * (the VPS once the host's server is there); the row commits, the owner before is fenced, its players are handed over, then the relays are told. A crash in between
 * leaves a row that relays and hosts learn by their own pull.
 */
public final class Arbiter {
    private final MapOwners owners;
    private final HostStates hosts;
    private final Fencing fencing;
    private final Players players;
    private final RoutePush relays;
    private final Counter won;
    private final Counter lost;
    private final Counter notReady;
    private final Timer pushTime;

    public Arbiter(
            MapOwners owners,
            HostStates hosts,
            Fencing fencing,
            Players players,
            RoutePush relays,
            MeterRegistry meters) {
        this.owners = owners;
        this.hosts = hosts;
        this.fencing = fencing;
        this.players = players;
        this.relays = relays;
        this.won = meters.counter("p2p_dbproxy_owner_changes_total", "result", "changed");
        this.lost = meters.counter("p2p_dbproxy_owner_changes_total", "result", "stale");
        this.notReady = meters.counter("p2p_dbproxy_owner_changes_total", "result", "not_ready");
        this.pushTime = meters.timer("p2p_dbproxy_route_push_seconds");
    }

    /** Decides a change. Repeating one that was decided gives {@link OwnerDecision.Stale} with the row in effect. */
    public OwnerDecision decide(OwnerChange change) {
        Optional<String> refusal = refusal(change.owner());
        if (refusal.isPresent()) {
            notReady.increment();
            return new OwnerDecision.NotReady(refusal.get());
        }
        Optional<MapOwner> row = owners.find(change.map());
        Epoch epoch = row.map(MapOwner::epoch).orElse(Epoch.NONE);
        if (!change.planned() || !epoch.equals(change.fromEpoch())) {
            return change(change, players::ownerIs);
        }
        boolean onVps = row.map(MapOwner::owner).filter(Owner::isHost).isEmpty();
        if (onVps) {
            // Without a host the reserve serves the map, whoever owns it: then its players notice nothing at all.
            boolean toHost = change.owner() != null && change.owner().isHost();
            return change(change, toHost ? players::ownerWillBe : players::ownerIs);
        }
        if (change.unreached()) {
            players.recall(change.map());
        } else {
            players.release(change.map());
        }
        boolean moved = false;
        try {
            OwnerDecision decision = change(change, players::ownerIs);
            moved = decision instanceof OwnerDecision.Changed;
            return decision;
        } finally {
            if (!moved) {
                players.stay(change.map());
            }
        }
    }

    private OwnerDecision change(OwnerChange change, Consumer<MapOwner> tellPlayers) {
        return switch (owners.compareAndSet(change)) {
            case OwnerDecision.Changed changed -> {
                won.increment();
                fencing.fence(changed.now());
                tellPlayers.accept(changed.now());
                yield changed.with(pushTime.record(() -> relays.push(changed.now())));
            }
            case OwnerDecision.Stale stale -> {
                lost.increment();
                yield stale;
            }
            case OwnerDecision.NotReady refused -> refused;
        };
    }

    private Optional<String> refusal(@Nullable Owner owner) {
        if (owner == null || !owner.isHost()) {
            return Optional.empty();
        }
        return switch (hosts.stateOf(HostId.of(owner.id()))) {
            case READY -> Optional.empty();
            case UNKNOWN -> Optional.of("host " + owner.id() + " is unknown (expected: READY)");
            case NOT_READY -> Optional.of("host " + owner.id() + " cannot own maps now (expected: READY)");
            case BLACKLISTED -> Optional.of("host " + owner.id() + " is blacklisted (expected: READY)");
        };
    }
}
