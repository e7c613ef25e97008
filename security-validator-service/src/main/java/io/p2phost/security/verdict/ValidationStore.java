package io.p2phost.security.verdict;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.VerdictReached.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where verdicts and their evidence are kept. */
public interface ValidationStore {
    boolean knows(String observationId);

    void add(Validation validation);

    Optional<Validation> find(String validationId);

    /** Newest first, below the cursor (exclusive). */
    List<Numbered> newest(Filter filter, long below, int limit);

    void review(String validationId, Validation.Review review);

    /** Removes at most that many verdicts older than the time; returns how many. */
    int removeBefore(Instant time, int limit);

    /** A validation with its place in the order of arrival. */
    record Numbered(long number, Validation validation) {}

    /** Null means any. */
    record Filter(@Nullable HostId hostId, @Nullable Outcome outcome) {}
}
