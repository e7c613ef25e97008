package io.p2phost.links.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkUnderTest.Sent;
import io.p2phost.links.testing.EmbeddedSocket;
import io.p2phost.links.testing.LeakGuard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection at the end of a stream; the other end of the stream's link is the test. */
@ExtendWith(LeakGuard.class)
class StreamPipeTest {
    private static final int WINDOW = 4_096;

    private final LinkUnderTest link = LinkUnderTest.established(LinkSettings.defaults(), WINDOW);
    private final EmbeddedSocket socket = new EmbeddedSocket();
    private final List<LinkStream> ended = new ArrayList<>();
    private int id;

    @BeforeEach
    void open() {
        StreamPipe pipe = new StreamPipe(socket, ended::add);
        socket.config().setAutoRead(false);
        socket.pipeline().addLast(pipe);
        link.openFor(pipe);
        id = link.sent().stream()
                .filter(Frame.Open.class::isInstance)
                .map(frame -> ((Frame.Open) frame).streamId())
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void end() {
        socket.finishAndReleaseAll();
        link.release();
    }

    private void opened() {
        link.receive(new Frame.Opened(id));
        link.sent();
    }

    private void says(int bytes) {
        socket.writeInbound(Unpooled.wrappedBuffer(new byte[bytes]));
        socket.runPendingTasks();
    }

    private int toSocket() {
        int all = 0;
        for (ByteBuf bytes = socket.readOutbound(); bytes != null; bytes = socket.readOutbound()) {
            all += bytes.readableBytes();
            bytes.release();
        }
        return all;
    }

    @Test
    void connectionIsReadOnceTheStreamStands() {
        assertThat(socket.config().isAutoRead()).isFalse();
        opened();
        assertThat(socket.config().isAutoRead()).isTrue();
    }

    @Test
    void bytesPassBothWays() {
        opened();
        says(10);
        assertThat(link.sent()).containsExactly(new Sent(id, 10));
        link.receiveData(id, 30);
        assertThat(toSocket()).isEqualTo(30);
    }

    @Test
    void connectionIsNotReadWhileTheStreamTakesNothing() {
        opened();
        for (int i = 0; i < 200 && socket.config().isAutoRead(); i++) {
            says(WINDOW);
            link.sent();
        }
        assertThat(socket.config().isAutoRead()).isFalse();
        for (int i = 0; i < 200 && !socket.config().isAutoRead(); i++) {
            link.receive(new Frame.Window(id, 0, WINDOW));
            link.sent();
        }
        assertThat(socket.config().isAutoRead()).isTrue();
    }

    @Test
    void eachDirectionEndsByItself() {
        opened();
        socket.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(link.sent()).containsExactly(new Frame.Fin(id));
        link.receiveData(id, 7);
        assertThat(toSocket()).as("the other direction goes on").isEqualTo(7);

        link.receive(new Frame.Fin(id));
        link.sent();
        assertThat(socket.isOpen()).isFalse();
        assertThat(ended).hasSize(1);
    }

    @Test
    void endOfTheStreamsSideIsTheEndOfTheConnectionsOutput() {
        opened();
        link.receive(new Frame.Fin(id));
        assertThat(socket.isOutputShutdown()).isTrue();
        assertThat(socket.isOpen()).isTrue();
        says(5);
        assertThat(link.sent()).containsExactly(new Sent(id, 5));
    }

    @Test
    void whoeverNeverEndsHisDirectionIsResetAfterAWhile() {
        opened();
        link.receive(new Frame.Fin(id));
        link.sent();
        socket.advanceTimeBy(StreamPipe.HALF_CLOSE_TIMEOUT.toMillis() - 100, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
        assertThat(link.sent()).isEmpty();
        socket.advanceTimeBy(200, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
        assertThat(link.sent()).containsExactly(new Frame.Reset(id, ResetCode.CONNECTION_RESET));
    }

    @Test
    void resetOfTheStreamIsOneOfTheConnection() {
        opened();
        link.receive(new Frame.Reset(id, ResetCode.CONNECTION_RESET));
        assertThat(socket.config().getSoLinger()).isZero();
        assertThat(socket.isOpen()).isFalse();
        assertThat(ended).hasSize(1);
    }

    @Test
    void connectionThatBreaksResetsTheStream() {
        opened();
        socket.pipeline().fireExceptionCaught(new IOException("connection reset"));
        assertThat(link.sent()).containsExactly(new Frame.Reset(id, ResetCode.CONNECTION_RESET));
        assertThat(ended).hasSize(1);
    }

    @Test
    void connectionThatIsGoneBeforeTheStreamStandsResetsIt() {
        socket.close();
        assertThat(link.sent()).containsExactly(new Frame.Reset(id, ResetCode.CONNECTION_RESET));
    }
}
