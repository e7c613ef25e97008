package io.p2phost.relay.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.links.Bytes;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.StreamsImage;
import io.p2phost.links.mux.Tokens;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.tunnel.TunnelImage;
import io.p2phost.relay.front.Carried;
import io.p2phost.relay.player.Commands;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.SessionImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Both sides of a hand-over, on lines that can break at each message. */
@ExtendWith(LeakGuard.class)
class GivingTest {
    private static final String RELAY = "relay-1";

    /** One end of a line; what is sent goes through its bytes. */
    private static final class FakeLine implements Line {
        final BlockingQueue<byte[]> incoming = new LinkedBlockingQueue<>();
        final BlockingQueue<Integer> descriptors = new LinkedBlockingQueue<>();
        final List<String> sent = new ArrayList<>();
        final List<Integer> discarded = new ArrayList<>();

        @Nullable
        FakeLine other;

        String breaksAt = "";

        @Nullable
        Duration within;

        @Override
        public void send(Message message) throws IOException {
            String name = message.getClass().getSimpleName();
            if (name.equals(breaksAt) || other == null) {
                throw new IOException("broken");
            }
            sent.add(name);
            byte[] bytes = Messages.encode(message);
            other.incoming.add(Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length));
        }

        @Override
        public Message receive() throws IOException {
            byte[] next = incoming.poll();
            if (next == null) {
                throw new IOException("the other process has gone");
            }
            return Messages.decode(next);
        }

        @Override
        public void within(Duration left) {
            within = left;
        }

        @Override
        public void pass(int descriptor) {
            if (other != null) {
                other.descriptors.add(descriptor + 1_000);
            }
        }

        @Override
        public int passed() throws IOException {
            Integer next = descriptors.poll();
            if (next == null) {
                throw new IOException("descriptors: one is missing");
            }
            return next;
        }

        @Override
        public void discard(Iterable<Integer> unwanted) {
            unwanted.forEach(discarded::add);
        }
    }

    private static final class FakeEstate implements Estate {
        final List<String> done = new ArrayList<>();

        @Override
        public void silence() {
            done.add("silence");
        }

        @Override
        public Holdings pause() {
            done.add("pause");
            return holdings();
        }

        @Override
        public void goOn() {
            done.add("go on");
        }

        Runnable onLeave = () -> {};

        @Override
        public void leave() {
            done.add("leave");
            onLeave.run();
        }

        @Override
        public void takeOn(Holdings holdings) {
            done.add("take on");
        }
    }

    private static SessionImage image(Owner owner, SessionImage.@Nullable Screen screen) {
        Destination to = new Destination(owner, MapName.of("prt_fild08"), Epoch.of(7), 9_001, 12, 100, 80);
        return new SessionImage(
                "203.0.113.7",
                Bytes.NONE,
                Bytes.of((byte) 1, (byte) 2, (byte) 3),
                12,
                99,
                true,
                true,
                1,
                true,
                false,
                true,
                Bytes.of((byte) 4),
                77,
                0,
                60_000,
                new Commands.Trips(4, 3, 2_000_000, 5_000_000),
                screen,
                new SessionImage.Server(to, true, false, true, false, true, Bytes.of((byte) 5, (byte) 6)),
                null);
    }

    private static Holdings holdings() {
        SessionImage.Screen screen =
                new SessionImage.Screen(List.of(3, 9), "Név", true, false, true, false, true, 110_000_123);
        Carried onVps = new Carried(
                image(Owner.vps("reserve", "127.0.0.1:5131"), screen),
                new Carried.Socket(20, Bytes.of((byte) 1), Bytes.of((byte) 2, (byte) 3)),
                new Carried.Socket(21, Bytes.of((byte) 4), Bytes.NONE),
                new Carried.Code(
                        true,
                        Bytes.NONE,
                        new Carried.Streams(
                                Bytes.of((byte) 10),
                                Bytes.of((byte) 11),
                                Bytes.of((byte) 12),
                                Bytes.of((byte) 13),
                                Bytes.of((byte) 14))));
        HostId host = HostId.random();
        Carried onHost = new Carried(
                image(Owner.host(host), null),
                new Carried.Socket(22, Bytes.NONE, Bytes.NONE),
                new Carried.Stream(null),
                new Carried.Code(false, Bytes.of((byte) 15), null));
        StreamsImage.Stream stream = new StreamsImage.Stream(
                1,
                5,
                MapName.of("prt_fild08"),
                Epoch.of(7),
                0x7f400001,
                262_144,
                1L << 40,
                99,
                List.of(Bytes.of((byte) 7), Bytes.of((byte) 8, (byte) 9)),
                Bytes.of((byte) 10));
        TunnelImage tunnel = new TunnelImage(
                host,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4_711),
                List.of(new TunnelImage.Lane(
                        true,
                        new Tokens(new ResumeToken(1, 2), new ResumeToken(3, 4)),
                        new StreamsImage(9, List.of(stream)))));
        return new Holdings(List.of(10, 11), 12, 13, List.of(onVps, onHost), List.of(tunnel));
    }

    /** Who has the relay's sockets. */
    private String owner = "old";

    private final class FakeOwnership implements Ownership {
        private final String who;

        FakeOwnership(String who) {
            this.who = who;
        }

        @Override
        public boolean take(Duration within) {
            owner = owner.isEmpty() ? who : owner;
            return owner.equals(who);
        }

        @Override
        public void release() {
            owner = "";
        }
    }

    private final FakeLine givers = new FakeLine();
    private final FakeLine takers = new FakeLine();
    private final FakeEstate estate = new FakeEstate();

    GivingTest() {
        givers.other = takers;
        takers.other = givers;
    }

    private Giving.Result give() {
        return new Giving(RELAY, estate, new FakeOwnership("old")).give(givers);
    }

    private void says(Message... messages) throws IOException {
        for (Message message : messages) {
            takers.send(message);
        }
    }

    @Test
    void everythingArrivesAsItWasWithTheDescriptorsOfTheNewProcess() throws Exception {
        says(new Message.Hello(Messages.FORMAT, RELAY), new Message.Taken());
        assertThat(give()).isEqualTo(new Giving.Result(Giving.Outcome.GIVEN, 2));
        assertThat(estate.done).containsExactly("silence", "pause", "leave");

        // What was said is heard by a process that says nothing anybody listens to any more.
        Holdings taken = new Taking(RELAY, new FakeOwnership("new")).take(takers);

        Holdings was = holdings();
        assertThat(taken.fronts()).containsExactly(1_010, 1_011);
        assertThat(taken.tunnelDoor()).isEqualTo(1_012);
        assertThat(taken.charDoor()).isEqualTo(1_013);
        Carried onVps = taken.players().getFirst();
        assertThat(onVps.socket().descriptor()).isEqualTo(1_020);
        assertThat(onVps.way()).isInstanceOfSatisfying(Carried.Socket.class, way -> {
            assertThat(way.descriptor()).isEqualTo(1_021);
            assertThat(way.unread()).isEqualTo(Bytes.of((byte) 4));
        });
        assertThat(onVps.socket().unsent()).isEqualTo(Bytes.of((byte) 2, (byte) 3));
        assertThat(onVps.image()).isEqualTo(was.players().getFirst().image());
        assertThat(onVps.code()).isEqualTo(was.players().getFirst().code());
        assertThat(taken.players().get(1).socket().descriptor()).isEqualTo(1_022);
        assertThat(taken.players().get(1).way()).isEqualTo(new Carried.Stream(null));
        assertThat(taken.players().get(1).code()).isEqualTo(new Carried.Code(false, Bytes.of((byte) 15), null));
        assertThat(taken.tunnels())
                .usingRecursiveComparison()
                .ignoringFields("host")
                .isEqualTo(was.tunnels());
        assertThat(takers.discarded).isEmpty();
        assertThat(owner).isEqualTo("new");
    }

    @Test
    void whoSaysNothingIsWaitedForForTwoSeconds() throws Exception {
        says(new Message.Hello(Messages.FORMAT, RELAY));
        give();
        assertThat(givers.within).isEqualTo(Giving.STILL);
    }

    @Test
    void anotherFormatOrAnotherRelayGetsNothing() throws Exception {
        says(new Message.Hello(Messages.FORMAT + 1, RELAY));
        assertThat(give().outcome()).isEqualTo(Giving.Outcome.REFUSED);
        assertThatThrownBy(() -> new Taking(RELAY, new FakeOwnership("new")).take(takers))
                .isInstanceOf(Taking.RefusedException.class)
                .hasMessageContaining("format");

        says(new Message.Hello(Messages.FORMAT, "relay-2"));
        givers.incoming.poll();
        assertThat(give().outcome()).isEqualTo(Giving.Outcome.REFUSED);
        assertThat(estate.done).as("nothing has changed").isEmpty();
    }

    @Test
    void whoGoesBeforeHeHasEverythingLeavesItHere() throws Exception {
        says(new Message.Hello(Messages.FORMAT, RELAY));
        assertThat(give().outcome()).isEqualTo(Giving.Outcome.KEPT);
        assertThat(estate.done).containsExactly("silence", "pause", "go on");
    }

    @Test
    void lineThatBreaksUnderTheMessagesLeavesEverythingHere() throws Exception {
        givers.breaksAt = "Tunnel";
        says(new Message.Hello(Messages.FORMAT, RELAY), new Message.Taken());
        assertThat(give().outcome()).isEqualTo(Giving.Outcome.KEPT);
        assertThat(estate.done).containsExactly("silence", "pause", "go on");
    }

    @Test
    void whoDiesWithEverythingLeavesTheDoorsHereAndNothingIsUsedTwice() throws Exception {
        givers.breaksAt = "Go";
        says(new Message.Hello(Messages.FORMAT, RELAY), new Message.Taken());
        assertThat(give()).isEqualTo(new Giving.Result(Giving.Outcome.LOST, 2));
        assertThat(estate.done).containsExactly("silence", "pause", "leave", "go on");
        assertThat(owner).isEqualTo("old");
    }

    @Test
    void whoLivesAndHasSeenThatEverythingIsHisKeepsIt() throws Exception {
        givers.breaksAt = "Go";
        estate.onLeave = () -> owner = "new";
        says(new Message.Hello(Messages.FORMAT, RELAY), new Message.Taken());
        assertThat(new Giving(RELAY, estate, new NeverReleased()).give(givers))
                .isEqualTo(new Giving.Result(Giving.Outcome.GIVEN, 2));
        assertThat(estate.done).as("nothing is opened twice").containsExactly("silence", "pause", "leave");
    }

    /** The other was faster. */
    private final class NeverReleased implements Ownership {
        @Override
        public boolean take(Duration within) {
            return owner.equals("old");
        }

        @Override
        public void release() {
            // It is the other's by then.
        }
    }

    @Test
    void newProcessClosesWhatItGotWhileTheOldOneHasNotLetGo() throws Exception {
        givers.breaksAt = "Go";
        says(new Message.Hello(Messages.FORMAT, RELAY), new Message.Taken());
        give();
        assertThat(owner).isEqualTo("old");
        assertThatThrownBy(() -> new Taking(RELAY, new FakeOwnership("new")).take(takers))
                .isInstanceOf(IOException.class);
        assertThat(takers.discarded).containsExactly(1_010, 1_011, 1_012, 1_013, 1_020, 1_021, 1_022);
    }

    @Test
    void newProcessGoesOnWithEverythingWhenTheOldOneDiesBeforeItHasSaidSo() throws Exception {
        givers.breaksAt = "Go";
        says(new Message.Hello(Messages.FORMAT, RELAY), new Message.Taken());
        give();
        owner = "";
        assertThat(new Taking(RELAY, new FakeOwnership("new")).take(takers).players())
                .hasSize(2);
        assertThat(takers.discarded).isEmpty();
        assertThat(owner).isEqualTo("new");
    }

    @Test
    void whatIsNoMessageIsRefused() {
        assertThatThrownBy(() -> Messages.decode(new byte[] {99})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Messages.decode(new byte[] {5, 0})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Messages.decode(new byte[] {9, 0})).hasMessageContaining("left over");
        assertThat(Messages.isLength(0)).isFalse();
        assertThat(Messages.isLength(Messages.LONGEST + 1)).isFalse();
    }
}
