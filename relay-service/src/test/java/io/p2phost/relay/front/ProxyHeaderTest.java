package io.p2phost.relay.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.p2phost.links.testing.EmbeddedSocket;
import io.p2phost.links.testing.LeakGuard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes as HAProxy's document of the protocol (2.2) has them. */
@ExtendWith(LeakGuard.class)
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String FROM_V4 = SIGNATURE + "2111000c" + "cb007105" + "7f000001" + "30391b58";
    private static final String FROM_V6 = SIGNATURE + "21210024" + "20010db8000000000000000000000009"
            + "20010db8000000000000000000000001" + "30391b58";
    private static final byte[] PLAYERS = {0x36, 0x04, 1, 2, 3};

    private final List<String> seen = new ArrayList<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean lets = true;
    private final EmbeddedSocket proxy = new EmbeddedSocket();

    private final class Player extends ChannelInboundHandlerAdapter implements Comer {
        @Override
        public void begin() {
            seen.add("begins");
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }
    }

    {
        ProxyHeader.await(
                proxy,
                Duration.ofSeconds(5),
                () -> seen.add("checked"),
                () -> seen.add("broken"),
                from -> {
                    seen.add("asks for " + from.getHostAddress());
                    return lets;
                },
                this::player);
        proxy.pipeline().fireChannelActive();
    }

    private Player player(InetAddress from) {
        seen.add("from " + from.getHostAddress());
        return new Player();
    }

    @AfterEach
    void end() {
        proxy.finishAndReleaseAll();
    }

    private void feed(byte... bytes) {
        if (proxy.isOpen()) {
            proxy.writeInbound(Unpooled.copiedBuffer(bytes));
        }
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    @Test
    void headerTornAnywhereMakesThePlayerWhoseBytesFollow() {
        byte[] header = hex(FROM_V4);
        for (int at = 1; at < header.length; at++) {
            EmbeddedSocket torn = new EmbeddedSocket();
            List<String> made = new ArrayList<>();
            ProxyHeader.await(torn, Duration.ofSeconds(5), () -> {}, () -> made.add("broken"), from -> true, from -> {
                made.add(from.getHostAddress());
                return new Player();
            });
            torn.writeInbound(Unpooled.copiedBuffer(header, 0, at));
            assertThat(made).as("torn at %d", at).isEmpty();
            torn.writeInbound(Unpooled.copiedBuffer(header, at, header.length - at));
            assertThat(made).as("torn at %d", at).containsExactly("203.0.113.5");
            torn.finishAndReleaseAll();
        }
    }

    @Test
    void whatComesBehindTheHeaderIsThePlayers() {
        byte[] header = hex(FROM_V6);
        byte[] both = java.util.Arrays.copyOf(header, header.length + PLAYERS.length);
        System.arraycopy(PLAYERS, 0, both, header.length, PLAYERS.length);
        feed(both);
        assertThat(seen).containsExactly("asks for 2001:db8:0:0:0:0:0:9", "from 2001:db8:0:0:0:0:0:9", "begins");
        assertThat(received.toByteArray()).isEqualTo(PLAYERS);
        feed((byte) 9);
        assertThat(received.size()).isEqualTo(PLAYERS.length + 1);
        proxy.advanceTimeBy(6, TimeUnit.SECONDS);
        proxy.runScheduledPendingTasks();
        assertThat(proxy.isOpen()).as("the time for the header does not run on").isTrue();
    }

    @Test
    void whoIsNotLetInIsCut() {
        lets = false;
        feed(hex(FROM_V4));
        assertThat(seen).containsExactly("asks for 203.0.113.5");
        assertThat(proxy.isOpen()).isFalse();
    }

    /** Version 1, UDP, UNSPEC, version 3, another protocol. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "50524f585920544350342031302e302e302e312031302e302e302e3220312032 0d0a",
                SIGNATURE + "2112000ccb0071057f00000130391b58",
                SIGNATURE + "21000000",
                SIGNATURE + "3111000ccb0071057f00000130391b58",
                "474554202f20485454502f312e310d0a0d0a0d0a"
            })
    void headerThatIsNoneIsCountedOnceAndCut(String digits) {
        feed(hex(digits.replace(" ", "")));
        assertThat(seen).containsExactly("broken");
        assertThat(proxy.isOpen()).isFalse();
        assertThat(received.size()).isZero();
    }

    @Test
    void proxyThatSpeaksForItselfIsClosed() {
        feed(hex(SIGNATURE + "20000000"));
        assertThat(seen).containsExactly("checked");
        assertThat(proxy.isOpen()).isFalse();
    }

    @Test
    void headerThatDoesNotComeInTimeIsCut() {
        feed(hex(SIGNATURE));
        proxy.advanceTimeBy(4_900, TimeUnit.MILLISECONDS);
        proxy.runScheduledPendingTasks();
        assertThat(proxy.isOpen()).isTrue();
        proxy.advanceTimeBy(200, TimeUnit.MILLISECONDS);
        proxy.runScheduledPendingTasks();
        assertThat(seen).containsExactly("broken");
        assertThat(proxy.isOpen()).isFalse();
    }

    @Test
    void endOfItsOutputAndAResetEndIt() {
        proxy.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(proxy.isOpen()).isFalse();

        EmbeddedSocket reset = new EmbeddedSocket();
        ProxyHeader.await(reset, Duration.ofSeconds(5), () -> {}, () -> seen.add("broken"), from -> true, this::player);
        reset.pipeline().fireExceptionCaught(new IOException("connection reset"));
        assertThat(reset.isOpen()).isFalse();
        assertThat(seen).as("neither is a header that is none").isEmpty();
    }
}
