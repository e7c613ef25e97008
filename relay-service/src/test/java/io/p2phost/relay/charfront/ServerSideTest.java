package io.p2phost.relay.charfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.Networks;
import io.p2phost.links.testing.EmbeddedSocket;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.front.Door;
import io.p2phost.relay.front.DoorHandler;
import io.p2phost.relay.front.Front;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientPackets;
import io.p2phost.ro.client.ClientVersions;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The char-server's side of a client's connection; the char-server is the test. */
@ExtendWith(LeakGuard.class)
class ServerSideTest {
    private static final int ACCOUNT = 2_000_001;
    private static final byte[] ENTER = Packet.fixed(CharClientPackets.ENTER, CharClientPackets.ENTER_LENGTH)
            .u32(2, ACCOUNT)
            .bytes();
    private static final int CHARACTERS = 0x006b;
    private static final Place FRONT = Place.parse("203.0.113.5:7000");
    private static final Place OWN = Place.parse("198.51.100.9:7001");
    private static final byte[] GREETING = {(byte) 0x81, (byte) 0x84, 0x1e, 0};
    /** A list, and where the client is to go. */
    private static final byte[] TALE = concat(GREETING, variable(2_000), zone(FRONT), variable(30));

    private static final byte[] TOLD = concat(GREETING, variable(2_000), zone(OWN), variable(30));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CharFrontMetrics metrics = new CharFrontMetrics(meters);
    private final Front.Limits limits = new Front.Limits(
            new AddressLimits.Rules(10, 10, 100, 100, 10),
            10,
            new AddressLimits.Rules(10, 10, 100, 100, 10),
            Networks.NONE,
            Networks.NONE,
            Networks.NONE,
            2_000_000,
            Duration.ofSeconds(60));
    private final CharFront.Settings settings = new CharFront.Settings(
            "127.0.0.1",
            0,
            "127.0.0.1:1",
            limits,
            new CharFront.Packets(
                    CharClientPackets.of(ClientVersions.BUILT_IN, Map.of()),
                    ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN)),
            () -> new CharFront.Addresses(Set.of(FRONT), OWN),
            new CharFront.Timing(
                    Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(5)));

    private EmbeddedSocket client;
    private EmbeddedSocket server;
    private EmbeddedChannel listening;
    private CharServer.@Nullable Connected outcome;
    private int words;
    private boolean givenUp;

    @BeforeEach
    void begin() {
        words = 0;
        givenUp = false;
        client = new EmbeddedSocket();
        server = new EmbeddedSocket();
        Door door = new Door(
                new Door.Rules(
                        limits.connections(), limits.maxEntering(), limits.allow(), limits.deny(), limits.proxies()),
                () -> 0,
                metrics);
        listening = new EmbeddedChannel(new DoorHandler(door, metrics));
        listening.writeInbound(client);
        client.pipeline()
                .addLast(new CharClient(
                        client,
                        client.attr(DoorHandler.VISIT).get(),
                        settings,
                        (loop, account, connected) -> {
                            assertThat(account).isEqualTo(ACCOUNT);
                            outcome = connected;
                            return new Attempt();
                        },
                        metrics));
        client.pipeline().fireChannelActive();
        client.writeInbound(Unpooled.copiedBuffer(ENTER));
        Objects.requireNonNull(outcome).connected(server);
    }

    private final class Attempt implements CharServer.Attempt {
        @Override
        public void spoke() {
            words++;
        }

        @Override
        public void giveUp() {
            givenUp = true;
        }
    }

    @AfterEach
    void end() {
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
        listening.finish();
    }

    private static byte[] variable(int length) {
        return Packet.variable(CHARACTERS, length).bytes();
    }

    private static byte[] zone(Place to) {
        return Packet.fixed(
                        ClientPackets.ZONE_SERVER,
                        ClientPackets.CHAR_TO_CLIENT
                                .packet(ClientPackets.ZONE_SERVER)
                                .length())
                .u32(2, 150_001)
                .text(6, 16, "prt_fild08.gat")
                .i32be(22, to.ip())
                .u16(26, to.port())
                .bytes();
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuf all = Unpooled.buffer();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return ByteBufUtil.getBytes(all);
    }

    private void says(byte[] bytes, int from, int to) {
        server.writeInbound(server.alloc().buffer().writeBytes(bytes, from, to - from));
    }

    private void says(byte[] bytes) {
        says(bytes, 0, bytes.length);
    }

    private static byte[] sent(EmbeddedSocket to) {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf bytes = to.readOutbound(); bytes != null; bytes = to.readOutbound()) {
            all.writeBytes(bytes);
            bytes.release();
        }
        return ByteBufUtil.getBytes(all);
    }

    @Test
    void whatTheClientHasSaidGoesFirstAndBothAreRead() {
        assertThat(sent(server)).isEqualTo(ENTER);
        assertThat(server.config().isAutoRead()).isTrue();
        assertThat(client.config().isAutoRead()).isTrue();
    }

    @Test
    void tornAnywhereTheClientIsToldTheSame() {
        for (int at = 1; at < TALE.length; at++) {
            end();
            begin();
            says(TALE, 0, at);
            says(TALE, at, TALE.length);
            assertThat(sent(client)).as("torn at %d", at).isEqualTo(TOLD);
            assertThat(words).isEqualTo(2);
        }
    }

    @Test
    void byteByByteTheClientIsToldTheSame() {
        for (int at = 0; at < TALE.length; at++) {
            says(TALE, at, at + 1);
        }
        assertThat(sent(client)).isEqualTo(TOLD);
    }

    @Test
    void allAtOnceTheClientIsToldTheSame() {
        says(concat(TALE, variable(60_000), variable(4)));
        assertThat(sent(client)).isEqualTo(concat(TOLD, variable(60_000), variable(4)));
    }

    /** Nothing of it is kept until there is more: a list may be as long as its length can say. */
    @Test
    void longPacketIsPassedOnAsItComes() {
        byte[] longest = variable(65_535);
        says(GREETING);
        says(longest, 0, 1_000);
        assertThat(sent(client)).isEqualTo(concat(GREETING, Arrays.copyOf(longest, 1_000)));
        says(longest, 1_000, longest.length);
        assertThat(sent(client)).hasSize(longest.length - 1_000);
    }

    @Test
    void endInTheMiddleComesBehindWhatThereIs() {
        for (int at = 1; at < TALE.length; at++) {
            end();
            begin();
            says(TALE, 0, at);
            server.close();
            byte[] got = sent(client);
            assertThat(got.length).as("ended at %d", at).isEqualTo(at);
            assertThat(client.isOutputShutdown()).isTrue();
            client.advanceTimeBy(1_100, TimeUnit.MILLISECONDS);
            client.runScheduledPendingTasks();
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void endOfItsOutputAndAResetAreItsEnd() {
        server.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(server.isOpen()).isFalse();
        assertThat(client.isOutputShutdown()).isTrue();

        end();
        begin();
        server.pipeline().fireExceptionCaught(new IOException("connection reset"));
        assertThat(server.isOpen()).isFalse();
        assertThat(client.isOutputShutdown()).isTrue();
    }

    @Test
    void clientWhoHasGoneIsToldNothingMore() throws Exception {
        ChannelInboundHandler side = (ChannelInboundHandler) server.pipeline().last();
        ChannelHandlerContext ctx = server.pipeline().lastContext();
        client.close();
        client.runPendingTasks();
        server.runPendingTasks();
        assertThat(givenUp).isTrue();
        assertThat(server.isOpen()).as("behind what he said last").isFalse();
        // What had been read already.
        ByteBuf late = server.alloc().buffer().writeBytes(TALE);
        side.channelRead(ctx, late);
        assertThat(late.refCnt()).isZero();
        assertThat(sent(client)).isEmpty();
    }

    @Test
    void whatIsNoBytesIsReleased() {
        ByteBuf inside = server.alloc().buffer().writeZero(10);
        server.writeInbound(new DefaultByteBufHolder(inside));
        assertThat(inside.refCnt()).isZero();
        assertThat(sent(client)).isEmpty();
    }

    @Test
    void clientIsNotReadWhileTheCharServerTakesNothing() {
        server.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        server.runPendingTasks();
        assertThat(client.config().isAutoRead()).isFalse();
        server.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        server.runPendingTasks();
        assertThat(client.config().isAutoRead()).isTrue();
    }

    @Test
    void charServerIsNotReadWhileTheClientTakesNothing() {
        client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        client.runPendingTasks();
        assertThat(server.config().isAutoRead()).isFalse();
        client.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        client.runPendingTasks();
        assertThat(server.config().isAutoRead()).isTrue();
    }
}
