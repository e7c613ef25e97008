package io.p2phost.assignment.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OwnSlipTest {
    private long nanos;
    private final OwnSlip slip = new OwnSlip(() -> nanos, Duration.ofSeconds(1), Duration.ofMillis(500));

    @Test
    void secondLookOnTimeCounts() {
        assertThat(look(Duration.ZERO)).as("nobody knows how late the first is").isFalse();
        assertThat(look(Duration.ofSeconds(1))).isFalse();
        assertThat(look(Duration.ofMillis(1_500))).isTrue();
        assertThat(look(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void lateLookDoesNotCountAndNeitherDoesTheNext() {
        look(Duration.ZERO);
        look(Duration.ofSeconds(1));
        assertThat(look(Duration.ofSeconds(1))).isTrue();
        assertThat(look(Duration.ofMillis(1_501))).isFalse();
        assertThat(look(Duration.ofSeconds(1))).isFalse();
        assertThat(look(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void lookThatTakesLongIsNotLate() {
        look(Duration.ZERO);
        look(Duration.ofSeconds(1));
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(slip.trusted()).isTrue();
        nanos += Duration.ofSeconds(20).toNanos();
        slip.ended();
        assertThat(look(Duration.ofSeconds(1))).isTrue();
    }

    private boolean look(Duration pause) {
        nanos += pause.toNanos();
        boolean trusted = slip.trusted();
        slip.ended();
        return trusted;
    }
}
