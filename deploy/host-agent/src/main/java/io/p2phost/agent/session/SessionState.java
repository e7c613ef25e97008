package io.p2phost.agent.session;

import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.Load;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The session as the status shows it. */
public record SessionState(
        Kind kind,
        int tier,
        @Nullable Instant leaseExpiresAt,
        boolean draining,
        @Nullable Capability capability,
        @Nullable Load load,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt) {
    /** In which part of a host's life the agent is. */
    public enum Kind {
        /** Not joined yet, or joining again. */
        JOINING,
        /** Joined, the lease is being renewed. */
        JOINED,
        /** Joined, but the last heartbeat failed. */
        UNSURE,
        /** Left, or not come, because the machine is its owner's now; joins by itself later. */
        PAUSED,
        /** Ended. */
        STOPPED
    }

    static final SessionState INITIAL = new SessionState(Kind.JOINING, 0, null, false, null, null, null, null);
}
