package io.p2phost.relay.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.Networks;
import io.p2phost.links.testing.EmbeddedSocket;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.relay.player.DbProxy;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Entry;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.MapServers;
import io.p2phost.relay.player.PlayerEvents;
import io.p2phost.relay.player.PlayerSession;
import io.p2phost.relay.player.PlayerSettings;
import io.p2phost.relay.player.Players;
import io.p2phost.relay.player.ServerLink;
import io.p2phost.relay.player.Tap;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.ClientVersions;
import io.p2phost.ro.client.Enter;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.OwnLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client's handler with its session, and a map-server that is the test. */
@ExtendWith(LeakGuard.class)
class ClientChannelTest {
    private static final PacketLengths LENGTHS = ClientVersions.builtIn().lengths(ClientVersions.BUILT_IN);
    private static final int ACCOUNT = 2_000_001;
    private static final Destination TO = new Destination(
            Owner.vps("reserve", "127.0.0.1:5121"), MapName.of("prt_fild08"), Epoch.of(1), 9_001, 1, 0, 0);
    private static final byte[] ENTER =
            Enter.of(ACCOUNT, 150_001, 4_711, 1, 1).packet().bytes();
    private static final byte[] SEEN =
            Packet.fixed(MapToClient.ENTER_SEEN, 6).u32(2, ACCOUNT).bytes();
    private static final byte[] LET_IN =
            Packet.fixed(MapToClient.ENTER_ACCEPTED, 13).bytes();
    private static final byte[] LOADED = Packet.fixed(ClientToMap.MAP_LOADED, 2).bytes();
    private static final byte[] LINE = OwnLine.of("x".repeat(60)).packet().bytes();
    private static final int PENDING = 4_096;

    private final EmbeddedSocket socket = new EmbeddedSocket();
    private final Suite suite = new Suite();
    private final List<String> counted = new ArrayList<>();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final Door door = new Door(
            new Door.Rules(
                    new AddressLimits.Rules(10, 10, 100, 100, 10),
                    10,
                    Networks.parse(List.of()),
                    Networks.parse(List.of()),
                    Networks.parse(List.of())),
            () -> 0,
            metrics);
    private final HeldFlush held = new HeldFlush();

    /** As a socket whose peer does not read. */
    private static final class HeldFlush extends ChannelOutboundHandlerAdapter {
        private boolean on;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!on) {
                ctx.flush();
            }
        }
    }

    /** db-proxy lets everybody in; the map-server is there at once. */
    private static final class Suite implements DbProxy, MapServers, ServerLink {
        private final List<Enter> asked = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private ServerLink.@Nullable Events events;
        private boolean writable = true;

        @Override
        public void enter(Loop loop, Enter enter, String clientIp, Consumer<Entry> answer) {
            asked.add(enter);
            answer.accept(new Entry.Routed(TO, 0));
        }

        @Override
        public Runnable dial(Loop loop, Destination to, int account, ServerLink.Events made) {
            events = made;
            made.connected(this);
            return () -> {};
        }

        void says(byte... bytes) {
            Objects.requireNonNull(events).received(Unpooled.copiedBuffer(bytes));
        }

        @Override
        public void send(ByteBuf bytes) {
            received.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void reading(boolean on) {
            told.add(on ? "read" : "not read");
        }

        @Override
        public void abandon() {}

        @Override
        public void close() {
            told.add("closed");
        }

        @Override
        public void restartSeen(Loop loop, int account, long number, Runnable then) {}

        @Override
        public void walked(Loop loop, int account, long number, MapName map, int x, int y, Consumer<Boolean> taken) {}

        @Override
        public void gives(Loop loop, int account, long number, Consumer<Boolean> taken) {}

        @Override
        public void gave(int account, long number) {}

        @Override
        public void took(int account, long number) {}

        @Override
        public void gone(int account, long number) {
            told.add("gone " + account);
        }
    }

    {
        Loop loop = new NettyLoop(socket.eventLoop());
        PlayerSettings settings = new PlayerSettings(
                LENGTHS,
                PlayerSettings.Form.SERVER_MOVE,
                0x7f00_0001,
                7_000,
                new PlayerSettings.Flow(1_000, 1_000, 1_000_000, 1_000_000, Map.of()),
                PlayerSettings.Timing.USUAL);
        PlayerSession.Parts parts = new PlayerSession.Parts(
                loop,
                suite,
                suite,
                map -> false,
                new Players(System::nanoTime),
                PlayerEvents.NONE,
                (on, asker, words, answer) -> answer.accept(List.of()),
                Tap.Taps.NONE);
        Door.Visit visit =
                Objects.requireNonNull(door.knock(socket.remoteAddress().getAddress(), () -> counted.add("made room")));
        socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(512, 1_024));
        socket.pipeline()
                .addLast(
                        held,
                        new ClientChannel(
                                socket,
                                "192.0.2.7",
                                visit,
                                new Coded(null, suite),
                                link -> new PlayerSession(settings, parts, link),
                                new ClientChannel.Counts(
                                        in -> counted.add("in " + in),
                                        out -> counted.add("out " + out),
                                        () -> counted.add("slow")),
                                new ClientChannel.Patience(PENDING, Duration.ofSeconds(60))));
        visit.isSilent();
        socket.pipeline().fireChannelActive();
    }

    @AfterEach
    void end() {
        socket.finishAndReleaseAll();
    }

    private void sends(byte... bytes) {
        socket.writeInbound(Unpooled.copiedBuffer(bytes));
    }

    private byte[] toClient() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf bytes = socket.readOutbound(); bytes != null; bytes = socket.readOutbound()) {
            all.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }
        return all.toByteArray();
    }

    private void inGame() {
        sends(ENTER);
        suite.says(SEEN);
        suite.says(LET_IN);
        sends(LOADED);
        toClient();
        suite.received.reset();
        suite.told.clear();
        counted.clear();
    }

    @Test
    void firstPacketByteByByteEntersOnceItIsWhole() {
        for (int i = 0; i < ENTER.length; i++) {
            assertThat(suite.asked).isEmpty();
            sends(ENTER[i]);
        }
        assertThat(suite.asked).hasSize(1);
        byte[] pseudonymous =
                new Enter(Packet.of(ENTER.clone())).loginId1(9_001).packet().bytes();
        assertThat(suite.received.toByteArray()).isEqualTo(pseudonymous);
        assertThat(door.entering()).isEqualTo(1);

        suite.says(SEEN);
        suite.says(LET_IN);
        assertThat(door.entering()).as("he is in game").isZero();
        assertThat(toClient()).startsWith(SEEN).endsWith(LET_IN);
        assertThat(counted).contains("in 1", "out 6", "out 13");
    }

    @Test
    void whatHeSendsAndIsSentPassesTornAnywhere() {
        inGame();
        byte[] walk = {0x5f, 0x03, 1, 2, 3};
        for (int at = 1; at < walk.length; at++) {
            suite.received.reset();
            sends(java.util.Arrays.copyOf(walk, at));
            sends(java.util.Arrays.copyOfRange(walk, at, walk.length));
            assertThat(suite.received.toByteArray()).as("torn at %d", at).isEqualTo(walk);
        }
        for (int at = 1; at < LINE.length; at++) {
            suite.says(java.util.Arrays.copyOf(LINE, at));
            assertThat(toClient()).as("half a packet").isEmpty();
            suite.says(java.util.Arrays.copyOfRange(LINE, at, LINE.length));
            assertThat(toClient()).as("torn at %d", at).isEqualTo(LINE);
        }
    }

    @Test
    void slowMapServerStopsHimUntilItTakesMore() {
        inGame();
        suite.writable = false;
        sends((byte) 0x5f, (byte) 0x03, (byte) 1, (byte) 2, (byte) 3);
        assertThat(socket.config().isAutoRead()).isFalse();
        suite.writable = true;
        Objects.requireNonNull(suite.events).writable();
        assertThat(socket.config().isAutoRead()).isTrue();
    }

    @Test
    void whoDoesNotReadStopsHisMapServerUntilHeDoes() {
        inGame();
        held.on = true;
        for (int i = 0; i < 20 && socket.isWritable(); i++) {
            suite.says(LINE);
        }
        assertThat(suite.told).containsExactly("not read");
        held.on = false;
        socket.flush();
        assertThat(suite.told).containsExactly("not read", "read");
        assertThat(socket.isOpen()).isTrue();
    }

    @Test
    void whoLetsMoreWaitThanHeMayIsCut() {
        inGame();
        held.on = true;
        for (int i = 0; i < 200 && socket.isOpen(); i++) {
            suite.says(LINE);
        }
        assertThat(socket.isOpen()).isFalse();
        assertThat(counted).containsOnlyOnce("slow");
        assertThat(suite.told).contains("closed", "gone " + ACCOUNT);
    }

    @Test
    void endOfHisOutputAndAResetAreEnds() {
        inGame();
        socket.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(socket.isOpen()).isFalse();
        assertThat(suite.told).containsExactly("closed", "gone " + ACCOUNT);
        assertThat(door.entering()).isZero();
    }

    @Test
    void resetBeforeHeHasEnteredLeavesNothing() {
        sends(java.util.Arrays.copyOf(ENTER, 7));
        socket.pipeline().fireExceptionCaught(new IOException("connection reset"));
        assertThat(socket.isOpen()).isFalse();
        assertThat(suite.asked).isEmpty();
        assertThat(suite.told).isEmpty();
    }

    /** The last words, then the end of the output, then a second for him to read it. */
    @Test
    void whoeverIsSentAwayReadsTheLastWords() {
        sends((byte) 0x47, (byte) 0x45, (byte) 0x54);
        assertThat(socket.isOutputShutdown()).isTrue();
        assertThat(socket.isOpen()).isTrue();
        sends((byte) 1);
        assertThat(suite.asked).as("nothing is read any more").isEmpty();
        socket.advanceTimeBy(1_100, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void whoDoesNotReadTheLastWordsIsCut() {
        held.on = true;
        sends((byte) 0x47, (byte) 0x45, (byte) 0x54);
        assertThat(socket.isOutputShutdown()).isFalse();
        socket.advanceTimeBy(5_100, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void whoSaysNothingIsSentAwayAfterFiveSeconds() {
        socket.advanceTimeBy(4_900, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
        assertThat(socket.isOutputShutdown()).isFalse();
        socket.advanceTimeBy(200, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
        assertThat(socket.isOutputShutdown()).isTrue();
    }
}
