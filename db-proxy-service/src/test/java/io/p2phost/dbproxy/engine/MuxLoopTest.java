package io.p2phost.dbproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MuxLoopTest {
    private static final int FLOOD = 10_000;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MuxLoop loop = new MuxLoop(Duration.ofNanos(1), meters);
    private final AtomicInteger ticks = new AtomicInteger();
    private final List<String> order = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        loop.close();
    }

    private void start() {
        loop.start(ticks::incrementAndGet, () -> {});
    }

    @Test
    void whatCameBeforeTheStartIsDoneThenAndInOrder() {
        loop.execute(() -> order.add("first"));
        loop.soon(() -> order.add("second"));
        loop.transport().group().next().submit(() -> {}).syncUninterruptibly();
        assertThat(order).isEmpty();

        start();
        loop.execute(() -> order.add("third"));
        await().until(() -> order.size() == 3);
        assertThat(order).containsExactly("first", "second", "third");
    }

    @Test
    void soonIsAtOnceOnTheThreadButNeverInsideATask() {
        start();
        loop.transport().group().next().execute(() -> {
            loop.soon(() -> {
                loop.soon(() -> order.add("inner"));
                order.add("outer");
            });
            order.add("after");
        });
        await().until(() -> order.size() == 3);
        assertThat(order).containsExactly("outer", "after", "inner");
    }

    @Test
    void floodHoldsUpNeitherWhatWaitsToBeSentNorTheTime() {
        start();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger sentAfter = new AtomicInteger();
        AtomicInteger ticksDuring = new AtomicInteger();
        loop.execute(() -> {
            int before = ticks.get();
            loop.atTurnsEnd(() -> sentAfter.set(done.get()));
            for (int i = 0; i < FLOOD; i++) {
                loop.execute(() -> {
                    if (done.incrementAndGet() == FLOOD) {
                        ticksDuring.set(ticks.get() - before);
                    }
                });
            }
        });
        await().until(() -> done.get() == FLOOD);
        assertThat(sentAfter).hasValueLessThan(300);
        assertThat(ticksDuring).hasValueGreaterThan(30);
    }

    @Test
    void afterTheEndNothingIsDoneAndNothingFails() {
        start();
        loop.close();
        loop.execute(() -> order.add("late"));
        loop.soon(() -> order.add("late"));
        assertThat(order).isEmpty();
        assertThat(loop.isDead()).isFalse();
    }
}
