package io.p2phost.assignment.entry;

import io.p2phost.contracts.MapName;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Answers given, by request id. */
public interface KeptAnswers<A> {
    Optional<Kept<A>> find(UUID requestId);

    /** Keeps the answer, or gives back the one that somebody else kept first. */
    Kept<A> keep(EntryRequest request, A answer, Instant now);

    /** Forgets answers older than that; at most limit at once. */
    int forget(Instant before, int limit);

    /** An answer and what it was given for. */
    record Kept<A>(MapName map, long accountId, A answer) {
        boolean isFor(EntryRequest request) {
            return map.equals(request.map()) && accountId == request.accountId();
        }
    }
}
