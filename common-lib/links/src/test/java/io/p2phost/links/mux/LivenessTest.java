package io.p2phost.links.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.Frame;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private final LinkUnderTest link = LinkUnderTest.established(LinkSettings.defaults(), 4096);

    @AfterEach
    void release() {
        link.release();
    }

    @Test
    void silenceOfTheWholeLeaseEndsTheLink() {
        link.pass(Duration.ofMillis(2_990));
        assertThat(link.end()).isNull();

        // Checks are 200 ms apart, and two must agree.
        link.pass(Duration.ofMillis(450));

        assertThat(link.end()).isEqualTo(CloseReason.SILENT);
    }

    @Test
    void anyFrameIsASignOfLife() {
        for (int i = 0; i < 5; i++) {
            link.pass(Duration.ofMillis(2_900));
            link.receive(new Frame.Pong(i));
        }
        assertThat(link.end()).isNull();
    }

    @Test
    void silenceIsMeasuredFromTheLastFrameWhileTheLinkStands() {
        link.pass(Duration.ofMillis(1_500));
        assertThat(link.silence()).contains(Duration.ofMillis(1_500));
        link.receive(new Frame.Pong(0));
        assertThat(link.silence()).contains(Duration.ZERO);
        link.pass(Duration.ofSeconds(4));
        assertThat(link.silence()).as("over").isEmpty();
    }

    @Test
    void lateCheckIsOurOwnFaultAndTheLeaseStartsAnew() {
        link.pass(Duration.ofSeconds(1));

        link.sleepThrough(Duration.ofSeconds(30));

        assertThat(link.end()).as("we slept, not the peer").isNull();
        link.pass(Duration.ofMillis(1_800));
        assertThat(link.end()).as("what was left of the lease").isNull();
        link.pass(Duration.ofMillis(700));
        assertThat(link.end()).as("but no more").isEqualTo(CloseReason.SILENT);
    }

    @Test
    void peerIsProbedEverySecondAndItsAnswersAreMeasured() {
        for (int i = 0; i < 10; i++) {
            int before = link.pings;
            for (int steps = 0; steps < 100 && link.pings == before; steps++) {
                link.pass(Duration.ofMillis(10));
                link.sent();
            }
            link.pass(Duration.ofMillis(40));
            link.receive(new Frame.Pong(link.lastPing));
        }
        assertThat(link.pings).isBetween(9, 11);
        assertThat(link.metrics.roundTrips).hasValueBetween(8, 10);
        assertThat(link.measured()).hasValueSatisfying(trip -> {
            assertThat(trip.time()).isBetween(Duration.ofMillis(40), Duration.ofMillis(60));
            assertThat(trip.jitter()).isLessThan(Duration.ofMillis(20));
        });
    }

    @Test
    void aPeerCannotSeemNearerThanItIs() {
        link.pass(Duration.ofSeconds(1));
        link.sent();
        link.pass(Duration.ofMillis(100));
        for (long ahead : new long[] {1, 50_000_000, 99_999_999, -1}) {
            link.receive(new Frame.Pong(link.lastPing + ahead));
        }
        assertThat(link.measured()).as("no answer to anything that was asked").isEmpty();
        link.receive(new Frame.Pong(link.lastPing));
        link.receive(new Frame.Pong(link.lastPing));
        assertThat(link.metrics.roundTrips).as("each once").hasValue(1);
        assertThat(link.measured())
                .hasValueSatisfying(trip -> assertThat(trip.time()).isGreaterThanOrEqualTo(Duration.ofMillis(100)));
    }
}
