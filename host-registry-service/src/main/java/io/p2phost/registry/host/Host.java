package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.crypto.HostKey;
import io.p2phost.registry.refusal.Refused;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An enrolled machine. Every change that others must hear of has a higher {@link #version}; a method that changes
 * nothing answers the same object.
 *
 * @param drain an operator's wish that it carries nothing new; outlives sessions
 * @param handsBack its owner's wish, told by heartbeats, that its maps go elsewhere; ends with the session
 * @param tier 0 until the first session, then 1 to 3
 * @param load null outside a session and until its first heartbeat
 * @param sessionStartedAt null outside a session
 * @param run which run of the agent began the present session: a number it drew when it was started; null outside a
 *     session, and where the agent did not say
 * @param readySince when the present session became READY
 * @param lastCheck when this record last changed
 */
public record Host(
        HostId id,
        long accountId,
        String label,
        String name,
        String region,
        HostKey key,
        HostLifeState state,
        @Nullable String reason,
        long version,
        boolean drain,
        boolean handsBack,
        int tier,
        Capability capability,
        @Nullable Load load,
        Instant enrolledAt,
        @Nullable Instant sessionStartedAt,
        @Nullable UUID run,
        @Nullable Instant readySince,
        Instant lastCheck) {

    /** A machine that has just redeemed its code. */
    public static Host enrolled(
            HostId id, long accountId, String label, String name, String region, HostKey key, Instant now) {
        return new Host(
                id,
                accountId,
                label,
                name,
                region,
                key,
                HostLifeState.ENROLLED,
                null,
                1,
                false,
                false,
                0,
                Capability.UNKNOWN,
                null,
                now,
                null,
                null,
                null,
                now);
    }

    public boolean inSession() {
        return sessionStartedAt != null;
    }

    /** Whether the present session is another run's; never where one of both did not say which it is. */
    public boolean isTakenFrom(@Nullable UUID agentRun) {
        return agentRun != null && run != null && !run.equals(agentRun);
    }

    public boolean isBlacklisted() {
        return state == HostLifeState.BLACKLISTED;
    }

    /** Begins a session, also when one is running: the agent was started anew, or its home was copied; the newest has it. */
    public Host join(Capability offered, int judgedTier, @Nullable UUID agentRun, Instant now) {
        requireNotBlacklisted();
        HostLifeState next = state == HostLifeState.QUARANTINED
                ? HostLifeState.QUARANTINED
                : drain ? HostLifeState.DRAINING : HostLifeState.READY;
        return change(now)
                .to(next, "joined")
                .session(offered, judgedTier, agentRun)
                .done();
    }

    /** Ends the session, if there is one. */
    public Host leave(String why, Instant now) {
        if (!inSession()) {
            return this;
        }
        HostLifeState next = state == HostLifeState.QUARANTINED ? HostLifeState.QUARANTINED : HostLifeState.OFFLINE;
        return change(now).to(next, why).noSession().done();
    }

    /** A heartbeat is overdue. */
    public Host miss(Instant now) {
        return state == HostLifeState.READY && inSession()
                ? change(now)
                        .to(HostLifeState.UNHEALTHY, "heartbeats are missing")
                        .done()
                : this;
    }

    /** Heartbeats came again before the lease was over. */
    public Host recover(Instant now) {
        return state == HostLifeState.UNHEALTHY
                ? change(now).to(HostLifeState.READY, "heartbeats came again").done()
                : this;
    }

    /** Nothing new for this host, until {@link #undrained}. */
    public Host drained(Instant now) {
        if (isBlacklisted()) {
            throw illegal("drain");
        }
        if (drain) {
            return this;
        }
        Change change = change(now).drain(true);
        boolean active = state == HostLifeState.READY || state == HostLifeState.UNHEALTHY;
        return (active ? change.to(HostLifeState.DRAINING, "drained by an operator") : change).done();
    }

    /** Takes a drain back. */
    public Host undrained(Instant now) {
        if (isBlacklisted()) {
            throw illegal("undrain");
        }
        if (!drain) {
            return this;
        }
        Change change = change(now).drain(false);
        return (state == HostLifeState.DRAINING && !handsBack
                        ? change.to(HostLifeState.READY, "no longer drained")
                        : change)
                .done();
    }

    /** Its owner wants its maps elsewhere, or wants maps again; an operator's drain stays what it is. */
    public Host handsBack(boolean wish, Instant now) {
        if (!inSession() || wish == handsBack) {
            return this;
        }
        Change change = change(now).handsBack(wish);
        boolean active = state == HostLifeState.READY || state == HostLifeState.UNHEALTHY;
        if (wish && active) {
            change.to(HostLifeState.DRAINING, "its owner hands its maps back");
        } else if (!wish && !drain && state == HostLifeState.DRAINING) {
            change.to(HostLifeState.READY, "its owner takes maps again");
        }
        return change.done();
    }

    /** Bans the host and ends its session. */
    public Host blacklisted(String why, Instant now) {
        return isBlacklisted()
                ? this
                : change(now).to(HostLifeState.BLACKLISTED, why).noSession().done();
    }

    /** Takes a ban back; the host may join again. */
    public Host unblacklisted(Instant now) {
        if (!isBlacklisted()) {
            throw illegal("unblacklist");
        }
        return change(now).to(HostLifeState.OFFLINE, "no longer blacklisted").done();
    }

    /** Takes note of a new load during a session. */
    public Host loaded(Load newest, Instant now) {
        return inSession() ? change(now).load(newest).done() : this;
    }

    /** Refuses a blacklisted host. */
    public void requireNotBlacklisted() {
        if (isBlacklisted()) {
            throw new Refused(
                    ProblemType.BLACKLISTED, "host: " + id + " is blacklisted" + (reason == null ? "" : ": " + reason));
        }
    }

    private Refused illegal(String action) {
        return new Refused(
                ProblemType.ILLEGAL_TRANSITION,
                action + ": host " + id + " is " + state + " (expected: "
                        + (isBlacklisted() ? "unblacklist it first" : "BLACKLISTED") + ")");
    }

    private Change change(Instant now) {
        return new Change(this, now);
    }

    /** The next version of a host while it is put together. */
    private static final class Change {
        private final Host from;
        private final Instant now;
        private HostLifeState state;
        private @Nullable String reason;
        private boolean drain;
        private boolean handsBack;
        private int tier;
        private Capability capability;
        private @Nullable Load load;
        private @Nullable Instant sessionStartedAt;
        private @Nullable UUID run;
        private @Nullable Instant readySince;

        Change(Host from, Instant now) {
            this.from = from;
            this.now = now;
            this.state = from.state;
            this.reason = from.reason;
            this.drain = from.drain;
            this.handsBack = from.handsBack;
            this.tier = from.tier;
            this.capability = from.capability;
            this.load = from.load;
            this.sessionStartedAt = from.sessionStartedAt;
            this.run = from.run;
            this.readySince = from.readySince;
        }

        Change to(HostLifeState next, String why) {
            if (!HostTransitions.allowed(from.state, next)) {
                throw new Refused(
                        ProblemType.ILLEGAL_TRANSITION,
                        "host " + from.id + ": " + from.state + " to " + next + " (expected: a legal change)");
            }
            state = next;
            reason = why;
            if (next == HostLifeState.READY && readySince == null) {
                readySince = now;
            }
            return this;
        }

        Change session(Capability offered, int judgedTier, @Nullable UUID agentRun) {
            capability = offered;
            tier = judgedTier;
            handsBack = false;
            load = null;
            sessionStartedAt = now;
            run = agentRun;
            readySince = state == HostLifeState.READY ? now : null;
            return this;
        }

        Change noSession() {
            handsBack = false;
            load = null;
            sessionStartedAt = null;
            run = null;
            readySince = null;
            return this;
        }

        Change drain(boolean wish) {
            drain = wish;
            return this;
        }

        Change handsBack(boolean wish) {
            handsBack = wish;
            return this;
        }

        Change load(Load newest) {
            load = newest;
            return this;
        }

        Host done() {
            return new Host(
                    from.id,
                    from.accountId,
                    from.label,
                    from.name,
                    from.region,
                    from.key,
                    state,
                    reason,
                    from.version + 1,
                    drain,
                    handsBack,
                    tier,
                    capability,
                    load,
                    from.enrolledAt,
                    sessionStartedAt,
                    run,
                    readySince,
                    now);
        }
    }
}
