package io.p2phost.registry.enrolment;

import io.p2phost.contracts.HostId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All enrolment codes. */
public interface EnrolmentCodes {
    void add(EnrolmentCode code);

    Optional<EnrolmentCode> byHash(CodeHash hash);

    /**
     * Uses a code up, if it is still open at that time.
     *
     * @return true for exactly one caller
     */
    boolean use(UUID id, HostId host, Instant now);

    /** Codes in the order of their ids, those after the given one. */
    List<EnrolmentCode> list(@Nullable UUID afterId, int limit);

    /** How many codes are open at that time. */
    long countOpen(Instant now);

    /** How many codes of an account are open at that time. */
    long countOpen(long accountId, Instant now);

    /**
     * Forgets unused codes that expired before that time.
     *
     * @return how many
     */
    int forgetExpiredBefore(Instant time);
}
