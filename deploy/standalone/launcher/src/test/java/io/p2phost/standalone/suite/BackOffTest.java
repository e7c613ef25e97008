package io.p2phost.standalone.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private final BackOff backOff = new BackOff();

    @Test
    void pausesDoubleUpToHalfAMinuteAndThenEnd() {
        List<Long> seconds = new ArrayList<>();
        Optional<Duration> pause = backOff.next(Duration.ZERO);
        while (pause.isPresent()) {
            seconds.add(pause.get().toSeconds());
            pause = backOff.next(BackOff.PROVED.minusMillis(1));
        }

        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L).hasSize(BackOff.MAX_ATTEMPTS);
    }

    @Test
    void aPartThatProvedItselfStartsFromTheFirstPause() {
        for (int i = 0; i < BackOff.MAX_ATTEMPTS; i++) {
            backOff.next(Duration.ZERO);
        }

        assertThat(backOff.next(BackOff.PROVED)).contains(Duration.ofSeconds(1));
    }
}
