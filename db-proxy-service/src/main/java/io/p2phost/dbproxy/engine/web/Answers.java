package io.p2phost.dbproxy.engine.web;

import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.web.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the engine answers, waited for on the request's own thread. */
final class Answers {
    private Answers() {}

    static <T> T within(Duration deadline, CompletableFuture<T> asked) {
        try {
            return asked.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ProblemException(ProblemType.DEADLINE_EXCEEDED, "no answer within " + deadline);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemType.UNAVAILABLE, "shutting down");
        }
    }

    /** The engine's queue is full. */
    static ProblemException busy() {
        return new ProblemException(ProblemType.UNAVAILABLE, "too much waits already (expected: asked again)");
    }
}
