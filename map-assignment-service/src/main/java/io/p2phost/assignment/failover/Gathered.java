package io.p2phost.assignment.failover;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Questions to somebody who answers many at once: one call is under way at a time, and what is asked meanwhile goes
 * together in the next. So losing a hundred hosts in a moment costs hardly more calls than losing one.
 *
 * @param <Q> a question
 * @param <A> its answer
 */
public final class Gathered<Q, A> {
    private final Function<Set<Q>, Map<Q, A>> call;
    private final Executor executor;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Q, CompletableFuture<Optional<A>>> waiting = new LinkedHashMap<>();
    private boolean underWay;

    /**
     * Makes one.
     *
     * @param call asks for all of these; leaves out what has no answer
     * @param executor runs the calls
     * @param most questions that wait for a call; one more is refused
     */
    public Gathered(Function<Set<Q>, Map<Q, A>> call, Executor executor, int most) {
        this.call = call;
        this.executor = executor;
        this.most = most;
    }

    /** What a call that begins from now on says; empty if it says nothing, fails as the call does or if too many wait. */
    public CompletableFuture<Optional<A>> ask(Q question) {
        lock.lock();
        try {
            CompletableFuture<Optional<A>> known = waiting.get(question);
            if (known != null) {
                return known;
            }
            if (waiting.size() >= most) {
                return CompletableFuture.failedFuture(
                        new RejectedExecutionException(most + " questions wait already (expected: fewer)"));
            }
            if (!underWay) {
                executor.execute(this::work);
                underWay = true;
            }
            CompletableFuture<Optional<A>> asked = new CompletableFuture<>();
            waiting.put(question, asked);
            return asked;
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Map<Q, CompletableFuture<Optional<A>>> next = take(); !next.isEmpty(); next = take()) {
            try {
                Map<Q, A> answers = call.apply(Set.copyOf(next.keySet()));
                next.forEach((question, asked) -> asked.complete(Optional.ofNullable(answers.get(question))));
            } catch (RuntimeException e) {
                next.values().forEach(asked -> asked.completeExceptionally(e));
            }
        }
    }

    private Map<Q, CompletableFuture<Optional<A>>> take() {
        lock.lock();
        try {
            Map<Q, CompletableFuture<Optional<A>>> taken = waiting;
            waiting = new LinkedHashMap<>();
            underWay = !taken.isEmpty();
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
