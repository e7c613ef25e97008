package io.p2phost.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), new Random(1));

    @Test
    void delaysDoubleUpToTheirLimitAndAreDrawnFromTheUpperHalf() {
        for (long step : new long[] {200, 400, 800, 1_600, 3_200, 5_000, 5_000}) {
            assertThat(backoff.nextMillis()).isBetween(step / 2, step);
        }
    }

    @Test
    void successStartsAnew() {
        backoff.nextMillis();
        backoff.nextMillis();
        backoff.reset();
        assertThat(backoff.nextMillis()).isBetween(100L, 200L);
    }
}
