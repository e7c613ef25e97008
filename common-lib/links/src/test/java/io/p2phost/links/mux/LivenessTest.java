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
            link.pass(Duration.ofSeconds(1));
            link.receive(new Frame.Pong(0));
        }
        link.sent();
        assertThat(link.pings).isBetween(9, 11);
        // The echo of an instant older than the lease, or of the future, is no measurement.
        assertThat(link.metrics.roundTrips)
                .as("0 is plausible in the first 3 s only")
                .hasValueBetween(2, 3);
    }
}
