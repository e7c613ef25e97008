package io.p2phost.ro.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What a machine wants to do later, in order of time, then of asking. */
final class Timers {
    private final InstantSource clock;
    private final PriorityQueue<Timer> queue =
            new PriorityQueue<>(Comparator.comparing(Timer::at).thenComparingLong(Timer::order));
    private long asked;

    Timers(InstantSource clock) {
        this.clock = clock;
    }

    /** @param order of those at the same instant, who was asked for first */
    record Timer(Instant at, long order, Runnable task) {}

    Timer in(Duration delay, Runnable task) {
        Timer timer = new Timer(clock.instant().plus(delay), asked++, task);
        queue.add(timer);
        return timer;
    }

    /** First after the delay, then each interval after the last run. */
    void every(Duration delay, Duration interval, Runnable task) {
        in(delay, () -> {
            every(interval, interval, task);
            task.run();
        });
    }

    void cancel(@Nullable Timer timer) {
        if (timer != null) {
            queue.remove(timer);
        }
    }

    void clear() {
        queue.clear();
    }

    /** Runs what is due, but nothing that was asked for meanwhile: a task that asks for itself at once cannot hang us. */
    void run() {
        Instant now = clock.instant();
        long before = asked;
        while (true) {
            Timer head = queue.peek();
            if (head == null || head.at().isAfter(now) || head.order() >= before) {
                return;
            }
            queue.remove();
            head.task().run();
        }
    }

    @Nullable
    Instant next() {
        Timer head = queue.peek();
        return head == null ? null : head.at();
    }
}
