package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.audit.AuditTrail;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;

/**
 * Every change of a host, one transaction each: lock the row, change the host, store it, append the event. The lock
 * makes the order of events the order of commits. What lives in memory is changed by the caller, after the commit.
 */
public class HostChanges {
    private final Hosts hosts;
    private final HostEvents events;
    private final AuditTrail audit;
    private final InstantSource clock;

    public HostChanges(Hosts hosts, HostEvents events, AuditTrail audit, InstantSource clock) {
        this.hosts = hosts;
        this.events = events;
        this.audit = audit;
        this.clock = clock;
    }

    /** Adds a host that has redeemed its code. */
    @Transactional
    public void enrol(Host host) {
        hosts.add(host);
        events.changed(host);
    }

    @Transactional
    public Host join(HostId id, Capability capability, int tier, @Nullable UUID run) {
        Instant now = clock.instant();
        return change(id, host -> host.join(capability, tier, run, now));
    }

    /** Ends its session, unless that is another run's of the agent. */
    @Transactional
    public Host leave(HostId id, @Nullable UUID run) {
        Instant now = clock.instant();
        return change(id, host -> host.isTakenFrom(run) ? host : host.leave("left", now));
    }

    /**
     * Forgets a host whose owner takes it away for good. Others hear that it left; the audit log keeps that it was here.
     *
     * @return the host as it was last; empty when it was not here
     * @throws Refused when it is blacklisted or held back: that must outlive what its owner does
     */
    @Transactional
    public Optional<Host> unenrol(HostId id, String actor) {
        Host before = hosts.lock(id).orElse(null);
        if (before == null) {
            return Optional.empty();
        }
        before.requireNotBlacklisted();
        if (before.state() == HostLifeState.QUARANTINED) {
            throw new Refused(
                    ProblemType.ILLEGAL_TRANSITION,
                    "host: " + id + " is QUARANTINED (expected: released by an operator)");
        }
        Host last = store(before, before.leave("unenrolled", clock.instant()));
        hosts.remove(id);
        audit.record(actor, "host.unenrol", "host:" + id, Map.of("accountId", Long.toString(before.accountId())));
        return Optional.of(last);
    }

    @Transactional
    public Host recover(HostId id) {
        Instant now = clock.instant();
        return change(id, host -> host.recover(now));
    }

    @Transactional
    public Host handsBack(HostId id, boolean wish) {
        Instant now = clock.instant();
        return change(id, host -> host.handsBack(wish, now));
    }

    /**
     * Does what an operator or a verdict wants; recorded unless nothing changed.
     *
     * @param reason why; empty where none is needed
     */
    @Transactional
    public Host act(HostId id, OperatorAction action, String reason, String actor) {
        Instant now = clock.instant();
        Host before = lock(id);
        Host after = store(
                before,
                switch (action) {
                    case DRAIN -> before.drained(now);
                    case UNDRAIN -> before.undrained(now);
                    case BLACKLIST -> before.blacklisted(reason, now);
                    case UNBLACKLIST -> before.unblacklisted(now);
                });
        if (!after.equals(before)) {
            audit.record(
                    actor,
                    "host." + action.name().toLowerCase(Locale.ROOT),
                    "host:" + id,
                    reason.isEmpty() ? Map.of() : Map.of("reason", reason));
        }
        return after;
    }

    /**
     * Writes down what silence means, for as many hosts as are given.
     *
     * @param stillLapsed asked again for each host once its row is locked: a heartbeat may have come meanwhile
     * @return the hosts as they are now, changed or not
     */
    @Transactional
    public List<Host> lapse(Collection<Lapse> lapses, Predicate<Lapse> stillLapsed) {
        Instant now = clock.instant();
        // A host may have missed and expired within one batch: what is worse counts.
        Map<HostId, Lapse> byHost = lapses.stream()
                .collect(Collectors.toMap(
                        Lapse::host, l -> l, (a, b) -> b.kind().compareTo(a.kind()) > 0 ? b : a));
        List<Host> result = new ArrayList<>();
        for (Host host : hosts.lockAll(byHost.keySet())) {
            Lapse lapse = byHost.get(host.id());
            if (lapse == null || !stillLapsed.test(lapse)) {
                continue;
            }
            result.add(store(
                    host,
                    switch (lapse.kind()) {
                        case MISSED -> host.miss(now);
                        case EXPIRED -> host.leave("lease expired", now);
                    }));
        }
        return result;
    }

    /** Writes down loads that others should hear of. */
    @Transactional
    public List<Host> loads(Map<HostId, Load> loads) {
        Instant now = clock.instant();
        List<Host> result = new ArrayList<>();
        for (Host host : hosts.lockAll(loads.keySet())) {
            Load load = loads.get(host.id());
            if (load != null) {
                result.add(store(host, host.loaded(load, now)));
            }
        }
        return result;
    }

    @Transactional(readOnly = true)
    public Optional<Host> find(HostId id) {
        return hosts.byId(id);
    }

    @Transactional(readOnly = true)
    public List<Host> find(HostQuery query) {
        return hosts.find(query);
    }

    private Host change(HostId id, UnaryOperator<Host> how) {
        Host before = lock(id);
        return store(before, how.apply(before));
    }

    private Host store(Host before, Host after) {
        if (after.version() != before.version()) {
            hosts.save(after);
            events.changed(after);
        }
        return after;
    }

    private Host lock(HostId id) {
        return hosts.lock(id).orElseThrow(() -> unknown(id));
    }

    static Refused unknown(HostId id) {
        return new Refused(ProblemType.NOT_FOUND, "host: " + id + " is not enrolled");
    }
}
