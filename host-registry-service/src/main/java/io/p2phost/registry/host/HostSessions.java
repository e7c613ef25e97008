package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.refusal.Refused;
import io.p2phost.registry.relay.LiveRelays;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Sessions of hosts: joining, heartbeats, leaving. Only a heartbeat that changes a state touches the database. */
public final class HostSessions {
    private final HostChanges changes;
    private final HostLeases leases;
    private final LeaseTracker tracker;
    private final LiveHosts live;
    private final LoadReports loads;
    private final KnownRequirements requirements;
    private final LiveRelays relays;
    private final DesiredAssignments assignments;
    private final HostEvents events;
    private final LeasePolicy policy;
    private final InstantSource clock;

    /** For hosts that drain: the last wish that was compared with the table, and at which version. */
    private final Map<HostId, Compared> compared = new ConcurrentHashMap<>();

    private record Compared(long version, boolean handsBack) {}

    public HostSessions(
            HostChanges changes,
            HostLeases leases,
            LeaseTracker tracker,
            LiveHosts live,
            LoadReports loads,
            KnownRequirements requirements,
            LiveRelays relays,
            DesiredAssignments assignments,
            HostEvents events,
            LeasePolicy policy,
            InstantSource clock) {
        this.changes = changes;
        this.leases = leases;
        this.tracker = tracker;
        this.live = live;
        this.loads = loads;
        this.requirements = requirements;
        this.relays = relays;
        this.assignments = assignments;
        this.events = events;
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * Begins a session.
     *
     * @param run which run of the agent it is; a session of another run ends for that one
     * @throws Refused when the host is unknown, blacklisted, or its machine below the minimum (with every shortfall)
     */
    public SessionGranted open(HostId id, Capability capability, @Nullable UUID run) {
        changes.find(id).orElseThrow(() -> HostChanges.unknown(id)).requireNotBlacklisted();
        // Asked for outside any transaction: another service's silence must not hold a connection.
        int tier = switch (requirements.current().judge(capability)) {
            case TierJudgement.Accepted accepted -> accepted.tier();
            case TierJudgement.BelowMinimum below -> throw belowMinimum(below.shortfalls());
        };
        if (!tracker.hasRoomFor(id)) {
            throw new Refused(ProblemType.UNAVAILABLE, "hosts: " + policy.maxHosts() + " in session (expected: fewer)");
        }
        Host host = changes.join(id, capability, tier, run);
        loads.forget(id);
        tracker.track(id);
        leases.committed(host);
        return new SessionGranted(tier, lease(id), relays.live(), clock.instant());
    }

    private static Refused belowMinimum(List<Shortfall> shortfalls) {
        return new Refused(
                ProblemType.BELOW_MINIMUM,
                String.join(
                        "; ",
                        shortfalls.stream()
                                .map(s -> s.requirement() + ": " + s.actual() + " (expected: >= " + s.required() + ")")
                                .toList()),
                Map.of("errors", shortfalls));
    }

    /** Ends a session; a host without one has nothing to leave, nor has an agent whose session another run took over. */
    public void close(HostId id, @Nullable UUID run) {
        compared.remove(id);
        leases.committed(changes.leave(id, run));
    }

    /**
     * Forgets a host for good, on its own wish; also one that is forgotten already.
     *
     * @throws Refused when it is blacklisted or held back
     */
    public void unenrol(HostId id, String actor) {
        compared.remove(id);
        changes.unenrol(id, actor).ifPresent(leases::committed);
    }

    /**
     * Renews a lease.
     *
     * @param handsBack whether its owner wants the host's maps elsewhere now
     * @param run which run of the agent it is; null where it does not say
     * @throws Refused when the session is gone or another run's, or the host blacklisted
     */
    public HeartbeatAccepted heartbeat(
            HostId id, Load load, List<ServedMap> maps, boolean handsBack, @Nullable UUID run) {
        requireOwnSession(id, run);
        switch (tracker.renew(id)) {
            case RENEWED -> {}
            case RECOVERED, LATE -> recover(id);
            case UNKNOWN -> adopt(id);
        }
        HostLifeState state = stateInSession(id);
        if (state == HostLifeState.UNHEALTHY) {
            // Another instance, which heard less, judged it.
            recover(id);
        }
        if (handsBack || state == HostLifeState.DRAINING) {
            state = obey(id, handsBack);
        } else {
            compared.remove(id);
        }
        Instant now = clock.instant();
        loads.report(id, load);
        events.heartbeat(id, now, load, maps);
        return new HeartbeatAccepted(lease(id), state == HostLifeState.DRAINING, assignments.of(id));
    }

    /** What is known here may be of before: the table is asked before anybody is told that his session was taken. */
    private void requireOwnSession(HostId id, @Nullable UUID run) {
        if (run == null || live.of(id).filter(seen -> run.equals(seen.run())).isPresent()) {
            return;
        }
        Host host = changes.find(id).orElseThrow(() -> HostChanges.unknown(id));
        if (host.isTakenFrom(run)) {
            throw new Refused(
                    ProblemType.SESSION_TAKEN,
                    "host: " + id + " has a session of another agent with the same key (expected: one agent per key)");
        }
        leases.committed(host);
    }

    /**
     * Only a draining host may have a wish in the table, and nobody else sees whether it was its owner's or an operator's:
     * each version of it is looked at once.
     */
    private HostLifeState obey(HostId id, boolean handsBack) {
        LiveHosts.Seen seen = live.of(id).orElseThrow(() -> expired(id));
        if (!new Compared(seen.version(), handsBack).equals(compared.get(id))) {
            Host host = changes.handsBack(id, handsBack);
            leases.committed(host);
            requireSession(host);
            compared.put(id, new Compared(host.version(), handsBack));
        }
        return stateInSession(id);
    }

    private HostLifeState stateInSession(HostId id) {
        LiveHosts.Seen seen = live.of(id).orElseThrow(() -> expired(id));
        if (seen.state() == HostLifeState.BLACKLISTED) {
            throw new Refused(ProblemType.BLACKLISTED, "host: " + id + " is blacklisted");
        }
        if (!seen.mayHoldLease()) {
            throw expired(id);
        }
        return seen.state();
    }

    private void recover(HostId id) {
        Host host = changes.recover(id);
        leases.committed(host);
        requireSession(host);
    }

    /** No lease is known here: another instance may have begun the session. */
    private void adopt(HostId id) {
        Host host = changes.find(id).orElseThrow(() -> HostChanges.unknown(id));
        requireSession(host);
        Host active = host.state() == HostLifeState.UNHEALTHY ? changes.recover(id) : host;
        leases.committed(active);
        requireSession(active);
    }

    private static void requireSession(Host host) {
        host.requireNotBlacklisted();
        if (!host.inSession()) {
            throw expired(host.id());
        }
    }

    private static Refused expired(HostId id) {
        return new Refused(ProblemType.SESSION_EXPIRED, "host: " + id + " has no session (expected: begin a new one)");
    }

    private LeaseGranted lease(HostId id) {
        Duration left = tracker.remaining(id).orElse(Duration.ZERO);
        return new LeaseGranted(clock.instant().plus(left), policy.heartbeatInterval());
    }

    /** When a host's lease ends, by this instance's clock; {@link Instant#EPOCH} without one. */
    public Instant leaseEnd(HostId id) {
        return tracker.remaining(id).map(left -> clock.instant().plus(left)).orElse(Instant.EPOCH);
    }
}
