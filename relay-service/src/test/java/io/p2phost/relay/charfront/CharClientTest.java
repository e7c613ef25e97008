package io.p2phost.relay.charfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.Networks;
import io.p2phost.links.testing.EmbeddedSocket;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.front.Door;
import io.p2phost.relay.front.DoorHandler;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.front.SourceAddresses;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientVersions;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client's side, up to where the char-server would be; its loop dials nobody. */
@ExtendWith(LeakGuard.class)
class CharClientTest {
    private static final byte[] ENTER = Packet.fixed(CharClientPackets.ENTER, CharClientPackets.ENTER_LENGTH)
            .u32(2, 2_000_001)
            .bytes();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LinkTransport transport = LinkTransport.start("char-client", 1);
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
            () -> new CharFront.Addresses(Set.of(), Place.parse("127.0.0.1:7000")),
            new CharFront.Timing(
                    Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(5)));
    private final EmbeddedSocket socket = new EmbeddedSocket();
    private final EmbeddedChannel listening;

    {
        Door door = new Door(
                new Door.Rules(
                        limits.connections(), limits.maxEntering(), limits.allow(), limits.deny(), limits.proxies()),
                () -> 0,
                metrics);
        listening = new EmbeddedChannel(new DoorHandler(door, metrics));
        listening.writeInbound(socket);
        socket.pipeline()
                .addLast(new CharClient(
                        socket,
                        socket.attr(DoorHandler.VISIT).get(),
                        settings,
                        new CharServer(
                                settings.charServer(),
                                new Dialer(transport, settings.timing().connect()),
                                new SourceAddresses(new byte[SourceAddresses.KEY_BYTES]))::connect,
                        metrics));
        socket.pipeline().fireChannelActive();
    }

    @AfterEach
    void end() {
        socket.finishAndReleaseAll();
        listening.finish();
        transport.close();
    }

    private void sends(byte... bytes) {
        socket.writeInbound(Unpooled.copiedBuffer(bytes));
        socket.runPendingTasks();
    }

    private void pass(long millis) {
        socket.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
    }

    private double refused(String reason) {
        return meters.get("p2p_relay_char_refused_total")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private byte[] told() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf bytes = socket.readOutbound(); bytes != null; bytes = socket.readOutbound()) {
            all.writeBytes(bytes);
            bytes.release();
        }
        return ByteBufUtil.getBytes(all);
    }

    @Test
    void firstPacketTornAnywhereIsWaitedFor() {
        for (int i = 0; i < ENTER.length - 1; i++) {
            sends(ENTER[i]);
            assertThat(socket.config().isAutoRead()).as("after %d bytes", i + 1).isTrue();
        }
        sends(ENTER[ENTER.length - 1]);
        assertThat(refused("unreachable")).as("now it is dialled").isEqualTo(1);
    }

    /** As from a char-server that takes nobody: his account, then that it is closed. */
    @Test
    void whoCannotBeBroughtThereReadsWhy() {
        sends(ENTER);
        ByteBuf expected = settings.packets().closed(2_000_001);
        assertThat(told()).isEqualTo(ByteBufUtil.getBytes(expected));
        expected.release();
        assertThat(socket.isOutputShutdown()).isTrue();
        pass(1_100);
        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void whoSaysNothingIsCutInTime() {
        pass(4_900);
        assertThat(socket.isOpen()).isTrue();
        pass(200);
        assertThat(socket.isOpen()).isFalse();
        assertThat(meters.get("p2p_relay_dropped_total")
                        .tag("reason", "handshake_timeout")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void mapServersAndStrangersAreCutAtTheirSecondByte() {
        sends((byte) 0xf8);
        assertThat(socket.isOpen()).isTrue();
        sends((byte) 0x2a);
        assertThat(socket.isOpen()).isFalse();
        assertThat(refused("inter_server")).isEqualTo(1);
    }

    @Test
    void endOfItsOutputAndAResetEndIt() {
        sends(Arrays.copyOf(ENTER, 5));
        socket.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(socket.isOpen()).isFalse();
        socket.checkException();
    }

    @Test
    void resetLeavesNothing() {
        sends(Arrays.copyOf(ENTER, 5));
        socket.pipeline().fireExceptionCaught(new IOException("connection reset"));
        assertThat(socket.isOpen()).isFalse();
    }
}
