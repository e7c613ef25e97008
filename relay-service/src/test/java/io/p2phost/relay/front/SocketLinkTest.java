package io.p2phost.relay.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.p2phost.links.Bytes;
import io.p2phost.links.testing.EmbeddedSocket;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.player.ServerLink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection to a map-server of the VPS. */
@ExtendWith(LeakGuard.class)
class SocketLinkTest {
    private final List<String> told = new ArrayList<>();
    private final EmbeddedSocket socket = new EmbeddedSocket();
    private final SocketLink link = new SocketLink(
            new ServerLink.Events() {
                @Override
                public void connected(ServerLink made) {
                    told.add("connected");
                }

                @Override
                public void failed(String why) {
                    told.add("failed");
                }

                @Override
                public void received(ByteBuf bytes) {
                    told.add(ByteBufUtil.hexDump(bytes));
                    bytes.release();
                }

                @Override
                public void writable() {
                    told.add("writable");
                }

                @Override
                public void ended() {
                    told.add("ended");
                }
            },
            false);

    @AfterEach
    void end() {
        socket.finishAndReleaseAll();
    }

    private void connected() {
        socket.config().setAutoRead(false);
        link.connected(socket);
        told.clear();
    }

    @Test
    void itIsReadOnceItStands() {
        socket.config().setAutoRead(false);
        link.connected(socket);
        assertThat(told).containsExactly("connected");
        assertThat(socket.config().isAutoRead()).isTrue();
        link.reading(false);
        assertThat(socket.config().isAutoRead()).isFalse();
    }

    @Test
    void bytesPassAsTheyCome() {
        connected();
        socket.writeInbound(Unpooled.copiedBuffer(new byte[] {1, 2}), Unpooled.copiedBuffer(new byte[] {3}));
        assertThat(told).containsExactly("0102", "03");
        link.send(Unpooled.copiedBuffer(new byte[] {4, 5}));
        ByteBuf sent = socket.readOutbound();
        assertThat(ByteBufUtil.hexDump(sent)).isEqualTo("0405");
        sent.release();
    }

    @Test
    void beforeItStandsNothingIsSentAndNothingLeaks() {
        link.send(Unpooled.buffer().writeByte(1));
        assertThat(link.isWritable()).isTrue();
        link.reading(true);
        assertThat(told).isEmpty();
    }

    @Test
    void itSaysWhenItTakesMore() {
        connected();
        socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        socket.write(Unpooled.copiedBuffer(new byte[] {1, 2, 3, 4}));
        assertThat(link.isWritable()).isFalse();
        socket.flush();
        assertThat(told).containsExactly("writable");
        socket.releaseOutbound();
    }

    @Test
    void whateverEndsItIsToldOnce() {
        connected();
        socket.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        socket.close();
        assertThat(socket.isOpen()).isFalse();
        assertThat(told).containsExactly("ended");
    }

    @Test
    void resetEndsIt() {
        connected();
        socket.pipeline().fireExceptionCaught(new IOException("connection reset"));
        assertThat(told).containsExactly("ended");
    }

    @Test
    void whatComesAfterItWasClosedIsForNobody() {
        connected();
        link.send(Unpooled.copiedBuffer(new byte[] {7}));
        link.close();
        assertThat(socket.isOpen()).isFalse();
        assertThat(told).isEmpty();
        ByteBuf sent = socket.readOutbound();
        assertThat(ByteBufUtil.hexDump(sent))
                .as("what was sent before goes out first")
                .isEqualTo("07");
        sent.release();
    }

    @Test
    void anotherProcessSendsFirstWhatWasLeft() {
        EmbeddedSocket carried = new EmbeddedSocket();
        SocketLink taken = SocketLink.carried(
                carried, new Carried.Socket(9, Bytes.NONE, Bytes.of((byte) 1, (byte) 2)), new ServerLink.Events() {
                    @Override
                    public void connected(ServerLink made) {}

                    @Override
                    public void failed(String why) {}

                    @Override
                    public void received(ByteBuf bytes) {
                        bytes.release();
                    }

                    @Override
                    public void writable() {}

                    @Override
                    public void ended() {}
                });
        taken.send(Unpooled.copiedBuffer(new byte[] {3}));
        StringBuilder sent = new StringBuilder();
        for (ByteBuf bytes = carried.readOutbound(); bytes != null; bytes = carried.readOutbound()) {
            sent.append(ByteBufUtil.hexDump(bytes));
            bytes.release();
        }
        assertThat(sent.toString()).isEqualTo("010203");
        carried.finishAndReleaseAll();
    }
}
