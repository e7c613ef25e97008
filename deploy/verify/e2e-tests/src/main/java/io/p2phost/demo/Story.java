package io.p2phost.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Numbered steps, each with a deadline and what it saw; the first that fails ends the story and is named. */
final class Story {
    private static final Duration POLL = Duration.ofMillis(200);

    private final PrintWriter out;
    private int number;
    private volatile String lastSeen = "";

    /** What a step does; it may throw anything. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    Story(PrintWriter out) {
        this.out = out;
    }

    /** Runs a step in a thread of its own, so that a hanging one can be given up. */
    void step(String title, Duration deadline, Step step) {
        number++;
        lastSeen = "";
        out.printf("%n%2d. %s%n", number, title);
        out.flush();
        long start = System.nanoTime();
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            step.run();
            return true;
        });
        Thread thread = Thread.ofPlatform().daemon().name("step-" + number).start(task);
        try {
            task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            out.printf("    ok, %.1f s%n", (System.nanoTime() - start) / 1e9);
            out.flush();
        } catch (TimeoutException e) {
            thread.interrupt();
            throw failed(title, "not done within " + deadline.toSeconds() + " s" + hint(), e);
        } catch (ExecutionException e) {
            String message = e.getCause() == null ? "unknown" : e.getCause().getMessage();
            throw failed(title, message + hint(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(title, "interrupted", e);
        }
    }

    private DemoFailure failed(String title, String why, Exception cause) {
        return new DemoFailure("step " + number + " (" + title + ") failed: " + why, cause);
    }

    private String hint() {
        return lastSeen.isEmpty() ? "" : "; last seen: " + lastSeen;
    }

    /** One line of the telling. */
    void say(String text) {
        text.lines().forEach(line -> out.println("    " + line));
        out.flush();
    }

    /**
     * Asks again and again until the answer is there; the step's deadline bounds it. A failing call is an answer not yet
     * there, and is named if it stays so.
     *
     * @param waitingFor shown when the deadline passes
     * @param attempt the answer, or an empty text's worth of nothing: null
     */
    <T> T until(String waitingFor, Supplier<Seen<T>> attempt) throws InterruptedException {
        return until(waitingFor, POLL, attempt);
    }

    /** The same, asked so often. */
    <T> T until(String waitingFor, Duration poll, Supplier<Seen<T>> attempt) throws InterruptedException {
        while (true) {
            try {
                Seen<T> seen = attempt.get();
                if (seen.done()) {
                    return seen.value();
                }
                lastSeen = waitingFor + ": " + seen.text();
            } catch (DemoFailure e) {
                lastSeen = waitingFor + ": " + e.getMessage();
            }
            Thread.sleep(poll);
        }
    }

    /** One look: done with a value, or what was seen instead. */
    sealed interface Seen<T> {
        /** Done. */
        record Done<T>(T result) implements Seen<T> {}

        /** Not yet. */
        record NotYet<T>(String instead) implements Seen<T> {}

        static <T> Seen<T> done(T value) {
            return new Done<>(value);
        }

        static <T> Seen<T> notYet(String instead) {
            return new NotYet<>(instead);
        }

        default boolean done() {
            return this instanceof Done<T>;
        }

        default T value() {
            return switch (this) {
                case Done<T> done -> done.result();
                case NotYet<T> notYet -> throw new IllegalStateException(notYet.instead());
            };
        }

        default String text() {
            return this instanceof NotYet<T> notYet ? notYet.instead() : "";
        }
    }
}
