package io.p2phost.registry.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {
    @Test
    void aRoundThatFailsIsCountedAndTheNextOneComes() {
        AtomicInteger rounds = new AtomicInteger();
        try (Loop loop = new Loop("test", Duration.ofMillis(1), () -> {
            if (rounds.incrementAndGet() % 2 == 1) {
                throw new IllegalStateException("away");
            }
        })) {
            loop.start();
            await().until(() -> rounds.get() >= 4);
            assertThat(loop.failures()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aClosedLoopRunsNoFurtherRound() {
        AtomicInteger rounds = new AtomicInteger();
        Loop loop = new Loop("test", Duration.ofMillis(1), rounds::incrementAndGet);
        loop.start();
        await().until(() -> rounds.get() > 0);
        loop.close();
        int after = rounds.get();

        await().during(Duration.ofMillis(50)).until(() -> rounds.get() == after);
    }

    @Test
    void aLoopThatWasNeverStartedCloses() {
        new Loop("test", Duration.ofHours(1), () -> {}).close();
    }
}
