package io.p2phost.links.mux;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.DropReason;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkUnderTest.Probe;
import io.p2phost.links.mux.LinkUnderTest.Sent;
import io.p2phost.links.mux.LinkUnderTest.SentPacked;
import io.p2phost.links.testing.LeakGuard;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of one link, frame by frame: every bound is met exactly once here. */
@ExtendWith(LeakGuard.class)
class StreamsTest {
    private static final int KIB = 1024;
    private static final int COST = LinkStream.FRAME_COST;

    private LinkUnderTest link = LinkUnderTest.established(LinkSettings.defaults(), 256 * KIB);

    private LinkUnderTest with(LinkSettings settings, int peerWindow) {
        link.release();
        link = LinkUnderTest.established(settings, peerWindow);
        return link;
    }

    @AfterEach
    void release() {
        link.release();
    }

    @Test
    void bytesFlowOnlyAfterThePeerReachedItsTarget() {
        Probe stream = link.open();
        stream.write(10);
        assertThat(link.sent())
                .containsExactly(new Frame.Open(1, LinkUnderTest.MAP, LinkUnderTest.EPOCH, 0, Bytes.NONE));
        assertThat(stream.isOpened).isFalse();

        link.receive(new Frame.Opened(1));

        assertThat(stream.isOpened).isTrue();
        assertThat(link.sent()).containsExactly(new Sent(1, 10));
    }

    @Test
    void windowIsGivenBackInQuartersAndOnlyForWhatWasTaken() {
        with(LinkSettings.defaults().withStreamWindow(4 * KIB), 4 * KIB);
        Probe stream = link.opened();
        link.sent();
        link.receiveData(1, KIB - COST - 1);
        assertThat(stream.received).containsExactly(KIB - COST - 1);
        assertThat(link.metrics.buffered).hasValue(KIB - 1);
        assertThat(link.sent()).isEmpty();

        stream.stream().consumed(KIB - COST - 1);
        assertThat(link.sent()).as("one byte below a quarter").isEmpty();
        link.receiveData(1, 1);
        stream.stream().consumed(1);

        assertThat(link.sent()).containsExactly(new Frame.Window(1, KIB + COST));
        assertThat(link.metrics.buffered).hasValue(0);
    }

    @Test
    void dataBeyondTheWindowCutsThePeer() {
        with(LinkSettings.defaults().withStreamWindow(4 * KIB), 4 * KIB);
        link.opened();
        link.receiveData(1, 4 * KIB - COST);
        assertThat(link.end()).as("exactly the window").isNull();

        link.receiveData(1, 1);

        assertThat(link.end()).isEqualTo(CloseReason.PROTOCOL);
        assertThat(link.metrics.drops).containsExactly(DropReason.WINDOW_EXCEEDED);
        assertThat(link.metrics.buffered).as("given up").hasValue(0);
    }

    @Test
    void tinyFramesCannotHoardMemory() {
        with(LinkSettings.defaults().withStreamWindow(KIB), KIB);
        link.opened();
        for (int i = 0; i < KIB / (COST + 1); i++) {
            link.receiveData(1, 1);
        }
        assertThat(link.end()).isNull();
        link.receiveData(1, 1);
        assertThat(link.metrics.drops).containsExactly(DropReason.WINDOW_EXCEEDED);
    }

    @Test
    void creditAboveTheLargestWindowCutsThePeer() {
        link.opened();
        link.receive(new Frame.Window(1, LinkSettings.MAX_WINDOW - 256 * KIB));
        assertThat(link.end()).isNull();
        link.receive(new Frame.Window(1, 1));
        assertThat(link.metrics.drops).containsExactly(DropReason.WINDOW_EXCEEDED);
    }

    @Test
    void senderStopsAtThePeersWindowAndGoesOnWithCredit() {
        with(LinkSettings.defaults(), 4 * KIB);
        Probe stream = link.opened();
        link.sent();
        stream.write(10 * KIB);

        assertThat(link.sent()).containsExactly(new Sent(1, 4 * KIB - COST));
        assertThat(stream.stream().queuedBytes()).isEqualTo(6 * KIB + COST);

        link.receive(new Frame.Window(1, 575));
        assertThat(link.sent()).as("no crumbs").isEmpty();
        link.receive(new Frame.Window(1, 1));
        assertThat(link.sent()).containsExactly(new Sent(1, 512));
        assertThat(link.metrics.stalls).as("had to wait").hasPositiveValue();
    }

    @Test
    void whatIsQueuedLeavesPackedInOneFrameAndCostsWhatItStandsFor() {
        with(LinkSettings.defaults(), 32 * KIB).packed();
        Probe stream = link.opened();
        link.sent();
        stream.write(20 * KIB);
        stream.write(20 * KIB);
        assertThat(link.sent()).containsExactly(new SentPacked(1));
        assertThat(stream.stream().queuedBytes()).isEqualTo(8 * KIB + COST);
        assertThat(link.metrics.packedFrom).hasValue(32 * KIB - COST);

        link.receive(new Frame.Window(1, 100 + COST));
        assertThat(link.sent()).as("no crumbs").isEmpty();
        stream.stream().reset(ResetCode.SHUTDOWN);
        Probe small = link.opened();
        link.sent();
        small.write(Packer.LEAST - 1);
        assertThat(link.sent()).as("too little to pack").containsExactly(new Sent(2, Packer.LEAST - 1));
    }

    @Test
    void packedFrameCostsWhatItStandsFor() {
        with(LinkSettings.defaults().withStreamWindow(4 * KIB), KIB).packed();
        Probe stream = link.opened();
        link.receivePacked(1, pack(4 * KIB - COST));
        assertThat(stream.received).containsExactly(4 * KIB - COST);
        link.receivePacked(1, pack(1));
        assertThat(link.metrics.drops).containsExactly(DropReason.WINDOW_EXCEEDED);
    }

    @Test
    void packedFrameThatWasNotAgreedOnCutsThePeer() {
        link.opened();
        link.receivePacked(1, pack(1));
        assertThat(link.metrics.drops).containsExactly(DropReason.UNEXPECTED_FRAME);
    }

    @Test
    void latePackedFramesAreBoundedByTheWindow() {
        with(LinkSettings.defaults().withStreamWindow(4 * KIB), KIB).packed();
        link.opened().stream().reset(ResetCode.SHUTDOWN);
        link.receivePacked(1, pack(4 * KIB - COST));
        assertThat(link.end()).isNull();
        link.receivePacked(1, pack(1));
        assertThat(link.metrics.drops).containsExactly(DropReason.WINDOW_EXCEEDED);
    }

    @Test
    void whatIsKeptToBeSentAgainIsBoundedByOurOwnWindow() {
        with(LinkSettings.defaults().withStreamWindow(4 * KIB), LinkSettings.MAX_WINDOW)
                .resumableLink(false);
        Probe stream = link.opened();
        link.sent();
        stream.write(64 * KIB);

        assertThat(link.sent()).as("although the peer would take more").containsExactly(new Sent(1, 4 * KIB - COST));
        assertThat(stream.stream().unacknowledgedBytes()).isEqualTo(4 * KIB - COST);
        link.receive(new Frame.Window(1, 4 * KIB - 1));
        link.sent();
        assertThat(stream.stream().unacknowledgedBytes())
                .as("one byte short of the frame")
                .isEqualTo(4 * KIB - COST + 4 * KIB - 1 - COST);
        link.receive(new Frame.Window(1, 1));
        assertThat(stream.stream().unacknowledgedBytes()).isEqualTo(4 * KIB - 1 - COST);
    }

    /** On links with many streams that can be resumed, the last bytes and FIN can be said again until they have come. */
    @Test
    void streamEndsWhenThePeerHasGotTheLastOfIt() {
        with(LinkSettings.defaults(), 64 * KIB).resumableLink(true);
        Probe stream = link.opened();
        link.sent();
        link.receiveData(1, 10);
        link.receive(new Frame.Fin(1));
        assertThat(link.sent()).as("FIN is acknowledged at once").containsExactly(new Frame.Window(1, COST));
        stream.write(5);
        stream.stream().finish();
        assertThat(link.sent()).containsExactly(new Sent(1, 5), new Frame.Fin(1));

        stream.stream().consumed(10);
        assertThat(link.sent()).as("so is every byte behind it").containsExactly(new Frame.Window(1, 10 + COST));
        link.receive(new Frame.Window(1, 5 + COST));
        assertThat(stream.end()).isEmpty();
        link.receive(new Frame.Window(1, COST));

        assertThat(stream.end()).isEqualTo("FINISHED");
    }

    @Test
    void littleThatWasTakenIsAcknowledgedWithTheNextProbe() {
        with(LinkSettings.defaults(), 64 * KIB).resumableLink(true);
        Probe stream = link.opened();
        link.receiveData(1, 10);
        link.pass(Duration.ofSeconds(1));
        assertThat(link.sent()).doesNotContain(new Frame.Window(1, 10 + COST));
        stream.stream().consumed(10);
        link.pass(Duration.ofSeconds(1));
        assertThat(link.sent()).containsExactly(new Frame.Window(1, 10 + COST));
    }

    @Test
    void wordOnStreamsOfALinkThatResumesNothingCutsThePeer() {
        link.opened();
        link.receive(new Frame.Streams(List.of()));
        assertThat(link.metrics.drops).containsExactly(DropReason.UNEXPECTED_FRAME);
    }

    private static ByteBuf pack(int zeros) {
        byte[] dense = new byte[ZeroRuns.bound(zeros)];
        return Unpooled.wrappedBuffer(
                Zstd.compress(java.util.Arrays.copyOf(dense, ZeroRuns.encode(new byte[zeros], dense))));
    }

    @Test
    void sourcePausesAboveTheHighMarkAndGoesOnBelowTheLowOne() {
        with(LinkSettings.defaults(), KIB);
        Probe stream = link.opened();
        assertThat(stream.write(64 * KIB)).as("at the mark").isFalse();
        link.sent();
        assertThat(stream.writables).isZero();
        // 960 bytes went with the first window.
        link.receive(new Frame.Window(1, 47 * KIB));
        link.sent();
        assertThat(stream.stream().queuedBytes()).isGreaterThan(16 * KIB);
        assertThat(stream.writables).isZero();

        link.receive(new Frame.Window(1, 4 * KIB));
        link.sent();

        assertThat(stream.writables).isOne();
    }

    @Test
    void streamsTakeTurns() {
        Probe first = link.opened();
        Probe second = link.opened();
        link.sent();
        int turn = StreamMux.TURN_BYTES;
        first.write(2 * turn + 8 * KIB);
        second.write(turn + 4 * KIB);

        assertThat(link.sent())
                .containsExactly(
                        new Sent(1, turn),
                        new Sent(2, turn),
                        new Sent(1, turn),
                        new Sent(2, 4 * KIB),
                        new Sent(1, 8 * KIB));
    }

    @Test
    void slowestStreamIsResetAtTheLinksLimit() {
        with(LinkSettings.defaults().withStreamWindow(64 * KIB).withReceiveLimit(64 * KIB), KIB);
        Probe first = link.opened();
        Probe second = link.opened();
        link.receiveData(1, 40 * KIB);
        link.receiveData(2, 24 * KIB - 2 * COST);
        assertThat(second.end()).as("exactly the limit").isEmpty();

        link.receiveData(2, 1);

        assertThat(second.end()).isEqualTo("RESET SLOW");
        assertThat(first.end()).isEmpty();
        assertThat(link.metrics.drops).containsExactly(DropReason.SLOW_RECEIVER);
        assertThat(link.sent()).contains(new Frame.Reset(2, ResetCode.SLOW));
        assertThat(link.end()).isNull();
    }

    @Test
    void streamsAboveTheLimitAreRefusedOnBothSides() {
        with(LinkSettings.defaults().withMaxStreams(1), KIB);
        link.opened();
        Probe above = link.open();
        assertThat(above.end()).isEqualTo("RESET LIMIT");

        link.receive(new Frame.Open(9, LinkUnderTest.MAP, LinkUnderTest.EPOCH, 0, Bytes.NONE));

        assertThat(link.accepted).isEmpty();
        assertThat(link.sent()).contains(new Frame.Reset(9, ResetCode.LIMIT));
        assertThat(link.metrics.drops).containsExactly(DropReason.STREAM_LIMIT, DropReason.STREAM_LIMIT);
        assertThat(link.end()).isNull();
    }

    @Test
    void openThatThePeerDoesNotAnswerIsGivenUp() {
        Probe stream = link.open();
        link.pass(Duration.ofSeconds(2));
        // Somebody who answers probes and nothing else.
        for (int i = 0; i < 8; i++) {
            link.receive(new Frame.Pong(0));
            assertThat(stream.end()).isEmpty();
            link.pass(Duration.ofSeconds(1));
        }

        assertThat(stream.end()).isEqualTo("RESET UNREACHABLE");
        assertThat(link.metrics.drops).containsExactly(DropReason.OPEN_TIMEOUT);
        assertThat(link.sent()).contains(new Frame.Reset(1, ResetCode.UNREACHABLE));
        assertThat(link.end()).isNull();
    }

    @Test
    void answeredOpenIsNotGivenUp() {
        Probe stream = link.opened();
        for (int i = 0; i < 12; i++) {
            link.receive(new Frame.Pong(0));
            link.pass(Duration.ofSeconds(1));
        }
        assertThat(stream.end()).isEmpty();
        assertThat(link.metrics.drops).isEmpty();
    }

    @Test
    void lateFramesOfAnEndedStreamAreDropped() {
        Probe stream = link.opened();
        stream.stream().reset(ResetCode.CONNECTION_RESET);
        link.sent();

        link.receiveData(1, 100);
        link.receive(new Frame.Window(1, 100));
        link.receive(new Frame.Fin(1));
        link.receive(new Frame.Reset(1, ResetCode.SHUTDOWN));

        assertThat(link.end()).isNull();
        assertThat(link.sent()).isEmpty();
        assertThat(stream.received).isEmpty();
    }

    @Test
    void frameOfAStreamThatNeverWasCutsThePeer() {
        link.receiveData(1, 1);
        assertThat(link.end()).isEqualTo(CloseReason.PROTOCOL);
        assertThat(link.metrics.drops).containsExactly(DropReason.UNEXPECTED_FRAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data before opened", "opened twice", "data after fin", "fin twice", "old id opened"})
    void framesAtTheWrongTimeCutThePeer(String what) {
        if (what.equals("data before opened")) {
            link.open();
            link.receiveData(1, 1);
        } else {
            link.opened();
            switch (what) {
                case "opened twice" -> link.receive(new Frame.Opened(1));
                case "old id opened" ->
                    link.receive(new Frame.Open(1, LinkUnderTest.MAP, LinkUnderTest.EPOCH, 0, Bytes.NONE));
                default -> {
                    link.receive(new Frame.Fin(1));
                    if (what.equals("fin twice")) {
                        link.receive(new Frame.Fin(1));
                    } else {
                        link.receiveData(1, 1);
                    }
                }
            }
        }
        assertThat(link.end()).isEqualTo(CloseReason.PROTOCOL);
        assertThat(link.metrics.drops).containsExactly(DropReason.UNEXPECTED_FRAME);
    }

    @Test
    void bothEndsMustFinish() {
        Probe stream = link.opened();
        link.sent();
        stream.write(5);
        stream.stream().finish();
        assertThat(link.sent()).containsExactly(new Sent(1, 5), new Frame.Fin(1));
        link.receiveData(1, 5);
        assertThat(stream.received).containsExactly(5);
        link.receive(new Frame.Fin(1));
        assertThat(stream.end()).isEqualTo("FINISHED");
    }

    @Test
    void onlyLowerEpochsOfTheMapAreReset() {
        Probe old = link.opened();
        link.receive(new Frame.Open(5, MapName.of("payon"), Epoch.of(1), 0, Bytes.NONE));
        link.receive(new Frame.Open(6, LinkUnderTest.MAP, LinkUnderTest.EPOCH.next(), 0, Bytes.NONE));

        link.resetStreams(LinkUnderTest.MAP, LinkUnderTest.EPOCH.next(), ResetCode.FENCED);

        assertThat(old.end()).isEqualTo("RESET FENCED");
        assertThat(link.accepted).extracting(Probe::end).containsExactly("", "");
        assertThat(link.streams(LinkUnderTest.MAP)).isOne();
    }

    @Test
    void endOfTheLinkEndsEveryStreamOnceAndGivesTheirMemoryBack() {
        List<Probe> streams = List.of(link.opened(), link.open());
        streams.getFirst().write(100);
        link.receiveData(1, 100);

        link.end(CloseReason.SILENT, true);
        link.end(CloseReason.SHUTDOWN, true);

        assertThat(link.end()).isEqualTo(CloseReason.SILENT);
        assertThat(streams).extracting(Probe::end).containsExactly("LINK_LOST", "LINK_LOST");
        assertThat(link.metrics.buffered).hasValue(0);
        assertThat(link.streams()).isZero();
        assertThat(link.open().end()).as("too late").isEqualTo("LINK_LOST");
    }

    @Test
    void streamsOfALinkThatIsCutOnPurposeAreReset() {
        List<Probe> streams = List.of(link.opened(), link.open());

        link.end(CloseReason.CUT, true);

        assertThat(streams)
                .extracting(Probe::end)
                .allSatisfy(end -> assertThat(end).startsWith("RESET"));
    }

    @Test
    void peerThatMakesUsAnswerAndDoesNotReadIsCut() {
        link.peerStopsReading();
        int pings = 0;
        while (link.end() == null && pings < 1_000_000) {
            link.receive(new Frame.Ping(pings++));
        }
        assertThat(link.end()).isEqualTo(CloseReason.PROTOCOL);
        assertThat(link.metrics.drops).containsExactly(DropReason.CONTROL_BACKLOG);
        assertThat(pings).as("some hundred KiB of answers").isBetween(4_000, 100_000);
    }
}
