package io.p2phost.assignment.entry;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Answers given, by request id. */
public interface EntryAnswers {
    Optional<Kept> find(UUID requestId);

    /** Keeps the answer, or gives back the one that somebody else kept first. */
    Kept keep(EntryRequest request, EntryAnswer answer, Instant now);

    /** Forgets answers older than that; at most limit at once. */
    int forget(Instant before, int limit);

    /** An answer and what it was given for. */
    record Kept(long accountId, EntryAnswer answer) {
        boolean isFor(EntryRequest request) {
            return answer.map().equals(request.map()) && accountId == request.accountId();
        }
    }
}
