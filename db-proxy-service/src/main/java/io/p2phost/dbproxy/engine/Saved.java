package io.p2phost.dbproxy.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What waits for the char-server, as an operator may act on it. Empty answers: too much waits already. */
public interface Saved {
    /** Since when the char-server's database does not take what is saved. */
    Optional<Instant> notStoredSince();

    /** Looks at once whether a character's saves are stored now; whether any wait. */
    Optional<CompletableFuture<Boolean>> release(int character);

    /** Gives up what waits of a character; whether anything did. */
    Optional<CompletableFuture<Boolean>> discard(int character);
}
