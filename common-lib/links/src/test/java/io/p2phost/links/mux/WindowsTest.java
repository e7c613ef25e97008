package io.p2phost.links.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.links.DropReason;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkUnderTest.Probe;
import io.p2phost.links.testing.LeakGuard;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Receive windows that follow what the path and the receiver can do; time is in the test's hand. */
@ExtendWith(LeakGuard.class)
class WindowsTest {
    private static final int KIB = 1024;
    private static final int COST = LinkStream.FRAME_COST;
    private static final Duration ROUND_TRIP = Duration.ofMillis(100);

    private LinkUnderTest link = LinkUnderTest.established(LinkSettings.defaults(), 256 * KIB);

    /** 64 KiB at first, 512 KiB at most. */
    private Probe stream(int receiveLimit) {
        link.release();
        link = LinkUnderTest.established(
                        LinkSettings.defaults()
                                .withStreamWindow(64 * KIB)
                                .withMaxStreamWindow(512 * KIB)
                                .withReceiveLimit(receiveLimit),
                        64 * KIB)
                .resumableLink(true);
        return link.opened();
    }

    @AfterEach
    void release() {
        link.release();
    }

    @Test
    void windowThatHoldsAPromptReceiverUpDoublesToItsBound() {
        Probe stream = stream(64 * KIB * KIB);
        measureRoundTrip();
        int most = 0;
        for (int i = 0; i < 12; i++) {
            int before = stream.stream().window;
            roundTrip(stream, before, before);
            assertThat(stream.stream().window).isBetween(before, 2 * before);
            most = Math.max(most, stream.stream().window);
        }
        assertThat(stream.stream().window).isEqualTo(512 * KIB);
        assertThat(most).isEqualTo(512 * KIB);
        assertThat(link.end()).isNull();
    }

    @Test
    void withoutAMeasuredRoundTripItStays() {
        Probe stream = stream(64 * KIB * KIB);
        for (int i = 0; i < 5; i++) {
            roundTrip(stream, 64 * KIB, 64 * KIB);
        }
        assertThat(stream.stream().window).isEqualTo(64 * KIB);
    }

    @Test
    void slowReceiverGetsNoLargerWindow() {
        Probe stream = stream(64 * KIB * KIB);
        measureRoundTrip();
        roundTrip(stream, 64 * KIB, 0);
        for (int i = 0; i < 10; i++) {
            roundTrip(stream, 20 * KIB, 20 * KIB);
        }
        assertThat(stream.stream().window).isEqualTo(64 * KIB);
    }

    @Test
    void windowThatIsNotNeededAnyMoreShrinksToWhatItWas() {
        Probe stream = stream(64 * KIB * KIB);
        grow(stream);
        for (int i = 0; i < 80; i++) {
            roundTrip(stream, 8 * KIB, 8 * KIB);
        }
        assertThat(stream.stream().window).isEqualTo(64 * KIB);
    }

    @Test
    void allWindowsTogetherGrowByAQuarterOfTheLimit() {
        Probe first = stream(1024 * KIB);
        Probe second = link.opened();
        measureRoundTrip();
        for (int i = 0; i < 8; i++) {
            data(second, second.stream().window);
            take(second, second.stream().window);
            roundTrip(first, first.stream().window, first.stream().window);
        }
        assertThat(first.stream().window + second.stream().window).isEqualTo(2 * 64 * KIB + 256 * KIB);
        second.stream().reset(ResetCode.SHUTDOWN);
        for (int i = 0; i < 8; i++) {
            roundTrip(first, first.stream().window, first.stream().window);
        }
        assertThat(first.stream().window).as("what the other had").isEqualTo(64 * KIB + 256 * KIB);
    }

    @Test
    void underPressureLessIsGivenBackThanWasTaken() {
        Probe stream = stream(1024 * KIB);
        grow(stream);
        int grown = stream.stream().window;
        assertThat(grown).isEqualTo(320 * KIB);
        Probe[] hoarders = new Probe[9];
        for (int i = 0; i < hoarders.length; i++) {
            hoarders[i] = link.opened();
            link.receiveData(hoarders[i].stream().id(), 60 * KIB);
        }
        link.sent();

        data(stream, 100 * KIB);
        take(stream, 100 * KIB);

        assertThat(stream.stream().window).isLessThan(grown).isGreaterThanOrEqualTo(64 * KIB);
        assertThat(link.sent()).anySatisfy(frame -> {
            assertThat(frame).isInstanceOf(Frame.Window.class);
            assertThat(((Frame.Window) frame).credit()).isLessThan(((Frame.Window) frame).taken());
        });
        assertThat(link.end()).isNull();
    }

    @Test
    void peerThatLetsUsSendAndNeverSaysWhatCameLosesTheStream() {
        Probe stream = stream(1024 * KIB);
        for (int i = 0; i < 32 && stream.end().isEmpty(); i++) {
            link.receive(new Frame.Window(1, 0, 60 * KIB));
            stream.write(60 * KIB - 4 * COST);
            link.sent();
        }
        assertThat(stream.end()).isEqualTo("RESET SLOW");
        assertThat(link.metrics.drops).containsExactly(DropReason.SLOW_RECEIVER);
        assertThat(link.end()).isNull();
    }

    /** The first probe is answered after a round trip. */
    private void measureRoundTrip() {
        link.pass(Duration.ofMillis(210));
        link.sent();
        link.pass(ROUND_TRIP);
        link.receive(new Frame.Pong(link.lastPing));
    }

    private void grow(Probe stream) {
        measureRoundTrip();
        for (int i = 0; i < 8; i++) {
            roundTrip(stream, stream.stream().window, stream.stream().window);
        }
    }

    /** So much comes and so much is taken within a little more than a round trip. */
    private void roundTrip(Probe stream, int comes, int taken) {
        link.pass(ROUND_TRIP.multipliedBy(3).dividedBy(2));
        link.receive(new Frame.Ping(0));
        data(stream, comes);
        take(stream, taken);
        link.sent();
    }

    private void data(Probe stream, int bytes) {
        for (int left = Math.min(bytes, stream.stream().receiveCredit); left > COST; ) {
            int piece = Math.min(16 * KIB, left - COST);
            link.receiveData(stream.stream().id(), piece);
            left -= piece + COST;
        }
    }

    private static void take(Probe stream, int bytes) {
        for (int left = bytes; left > 0 && !stream.received.isEmpty(); ) {
            int piece = stream.received.removeFirst();
            stream.stream().consumed(piece);
            left -= piece + COST;
        }
    }
}
