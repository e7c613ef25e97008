package io.p2phost.links.charlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.p2phost.links.testing.LeakGuard;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cell is answered by the first byte that goes to it, and by no empty write. */
@ExtendWith(LeakGuard.class)
class FirstAnswerTest {
    private static final String ANSWER = "what db-proxy answers";

    private final AtomicInteger answered = new AtomicInteger();
    private final EmbeddedChannel cell = new EmbeddedChannel(new CharLinkClient.FirstAnswer(answered::incrementAndGet));

    @AfterEach
    void end() {
        cell.finishAndReleaseAll();
    }

    private ByteBuf bytes(String text) {
        return cell.alloc().buffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String sent(EmbeddedChannel to) {
        StringBuilder all = new StringBuilder();
        for (ByteBuf bytes = to.readOutbound(); bytes != null; bytes = to.readOutbound()) {
            all.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
        return all.toString();
    }

    @Test
    void tornAnywhereTheFirstPieceIsTheAnswerAndAllPasses() {
        for (int at = 1; at < ANSWER.length(); at++) {
            EmbeddedChannel torn = new EmbeddedChannel(new CharLinkClient.FirstAnswer(answered::incrementAndGet));
            answered.set(0);
            torn.writeOutbound(Unpooled.copiedBuffer(ANSWER.substring(0, at), StandardCharsets.US_ASCII));
            assertThat(answered).as("after %d bytes", at).hasValue(1);
            torn.writeOutbound(Unpooled.copiedBuffer(ANSWER.substring(at), StandardCharsets.US_ASCII));
            assertThat(answered).hasValue(1);
            assertThat(sent(torn)).isEqualTo(ANSWER);
            assertThat(torn.finish()).isFalse();
        }
    }

    @Test
    void emptyWriteIsNoAnswer() {
        // As the pipe does to wait for the last byte.
        cell.writeOutbound(Unpooled.EMPTY_BUFFER);
        cell.writeOutbound(cell.alloc().buffer());
        assertThat(answered).hasValue(0);
        assertThat(cell.pipeline().get(CharLinkClient.FirstAnswer.class)).isNotNull();
        assertThat(sent(cell)).isEmpty();

        cell.writeOutbound(bytes(ANSWER + ANSWER));
        assertThat(answered).hasValue(1);
        assertThat(sent(cell)).isEqualTo(ANSWER + ANSWER);
    }

    @Test
    void afterItNothingIsInTheWay() {
        cell.writeOutbound(bytes(ANSWER));
        assertThat(cell.pipeline().get(CharLinkClient.FirstAnswer.class)).isNull();
        cell.writeOutbound(bytes("x".repeat(100_000)));
        assertThat(sent(cell)).isEqualTo(ANSWER + "x".repeat(100_000));
        assertThat(answered).hasValue(1);
    }

    /** The write fails by the connection's end, of which its pipe tells. */
    @Test
    void whatIsWrittenToACellThatHasGoneIsReleased() {
        cell.close();
        ByteBuf late = bytes(ANSWER);
        ChannelFuture written = cell.pipeline().writeAndFlush(late);
        cell.runPendingTasks();
        assertThat(written.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(late.refCnt()).isZero();
    }

    @Test
    void cellThatEndsBeforeItIsAnsweredWasNot() {
        cell.close();
        assertThat(answered).hasValue(0);
    }
}
