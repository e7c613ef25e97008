package io.p2phost.dbproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.inter.MapToChar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerTest {
    private static final int LIMIT = 1_000;
    private static final Packet KEEP_ALIVE = Packet.fixed(MapToChar.KEEP_ALIVE, 2);
    private static final Packet USERS = Packet.fixed(MapToChar.USER_COUNT, 4);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MuxLoop loop = new MuxLoop(Duration.ofMillis(20), meters);
    private final FakeTransport transport = new FakeTransport();
    private final List<Integer> heard = new CopyOnWriteArrayList<>();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger stalled = new AtomicInteger();
    private final AtomicInteger died = new AtomicInteger();
    private final Valve valve = new Valve();
    private final FakeTransport ahead = new FakeTransport();
    private Peer peer;

    @BeforeEach
    void start() {
        peer = new Peer(
                "test",
                loop,
                transport,
                InterLengths.fromMapServer(),
                Peer.Patience.until(LIMIT),
                packet -> heard.add(packet.id()),
                closed::incrementAndGet);
        loop.start(valve::look, died::incrementAndGet);
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    private void bytes(byte... bytes) {
        peer.received(Unpooled.wrappedBuffer(bytes));
    }

    private void packet(Packet packet) {
        bytes(packet.bytes().clone());
    }

    /** Runs it on the loop and waits. */
    private void onLoop(Runnable task) {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(() -> {
            task.run();
            loop.atTurnsEnd(done::countDown);
        });
        await().until(() -> done.getCount() == 0);
    }

    @Test
    void packetsTornAtEachByteArriveWholeAndInOrder() {
        packet(KEEP_ALIVE);
        for (byte each : USERS.bytes()) {
            bytes(each);
        }
        packet(KEEP_ALIVE);

        await().untilAsserted(() ->
                assertThat(heard).containsExactly(MapToChar.KEEP_ALIVE, MapToChar.USER_COUNT, MapToChar.KEEP_ALIVE));
        await().until(() -> transport.taken.get() == 8);
    }

    @Test
    void whatIsNoPacketEndsTheConnectionBehindWhatWasOne() {
        packet(KEEP_ALIVE);
        bytes((byte) 0xff, (byte) 0xff, (byte) 0, (byte) 0);

        await().until(() -> closed.get() == 1);
        assertThat(heard).containsExactly(MapToChar.KEEP_ALIVE);
        assertThat(transport.finished).isTrue();
        packet(KEEP_ALIVE);
        peer.gone();
        onLoop(() -> {});
        assertThat(heard).hasSize(1);
        assertThat(closed).hasValue(1);
    }

    @Test
    void endComesBehindEverythingSentBefore() {
        for (int i = 0; i < 500; i++) {
            packet(KEEP_ALIVE);
        }
        peer.gone();
        await().until(() -> closed.get() == 1);
        assertThat(heard).hasSize(500);
    }

    @Test
    void closingItAnswersAtOnceAndSendsWhatWasSaidBefore() {
        onLoop(() -> {
            peer.send(KEEP_ALIVE);
            peer.close("test");
            assertThat(closed).hasValue(1);
            peer.send(USERS);
        });
        assertThat(transport.ids()).containsExactly(MapToChar.KEEP_ALIVE);
        assertThat(transport.finished).isTrue();
    }

    @Test
    void packetsOfOneTurnLeaveTogether() {
        onLoop(() -> {
            peer.send(KEEP_ALIVE);
            peer.send(USERS);
        });
        assertThat(transport.written).hasSize(1);
        assertThat(transport.written.getFirst()).hasSize(6);
    }

    @Test
    void whoDoesNotTakeWhatIsSentIsCutAtTheBound() {
        transport.unsent = LIMIT - 2;
        onLoop(() -> peer.send(KEEP_ALIVE));
        assertThat(transport.cut).isFalse();
        onLoop(() -> {
            peer.send(KEEP_ALIVE);
            peer.send(KEEP_ALIVE);
        });
        assertThat(transport.cut).isTrue();
        assertThat(closed).hasValue(1);
    }

    @Test
    void whoseAnswersWaitIsNotListenedToUntilItHasTakenThem() {
        Peer asking = new Peer(
                "asking",
                loop,
                transport,
                InterLengths.fromMapServer(),
                new Peer.Patience(100, LIMIT, null, () -> {}),
                packet -> heard.add(packet.id()),
                closed::incrementAndGet);
        transport.unsent = 101;
        asking.received(Unpooled.wrappedBuffer(KEEP_ALIVE.bytes().clone()));
        onLoop(() -> {});
        assertThat(heard).isEmpty();
        assertThat(transport.taken).hasValue(0);

        transport.unsent = 100;
        asking.drained();
        await().until(() -> heard.size() == 1);
        assertThat(transport.taken).hasValue(2);
    }

    @Test
    void whatItSaidBeforeItsEndIsHeardAlthoughItTookNothing() {
        Peer asking = new Peer(
                "asking",
                loop,
                transport,
                InterLengths.fromMapServer(),
                new Peer.Patience(100, LIMIT, null, () -> {}),
                packet -> heard.add(packet.id()),
                closed::incrementAndGet);
        transport.unsent = 101;
        asking.received(Unpooled.wrappedBuffer(KEEP_ALIVE.bytes().clone()));
        onLoop(() -> {});

        asking.gone();
        await().until(() -> closed.get() == 1);
        assertThat(heard).containsExactly(MapToChar.KEEP_ALIVE);
    }

    @Test
    void whatWaitsBehindTheJournalCountsAndItIsHeardOnceThatIsOnDisk() {
        OutputGate gate = new OutputGate();
        Peer asking = new Peer(
                "asking",
                loop,
                transport,
                InterLengths.fromMapServer(),
                new Peer.Patience(3, LIMIT, null, () -> {}),
                packet -> heard.add(packet.id()),
                closed::incrementAndGet);
        long[] number = new long[1];
        onLoop(() -> {
            asking.behind(gate);
            number[0] = gate.journal();
            asking.send(USERS);
        });
        asking.received(Unpooled.wrappedBuffer(KEEP_ALIVE.bytes().clone()));
        onLoop(() -> {});
        assertThat(heard).isEmpty();

        loop.execute(() -> gate.free(number[0]));
        await().until(() -> heard.size() == 1);
    }

    @Test
    void ofAllWhoTakeTooLittleTheWorstIsCut() {
        Crowd crowd = new Crowd(1_500 << 10, PATIENCE, loop);
        FakeTransport worst = new FakeTransport();
        Peer first = slow(crowd, transport);
        Peer second = slow(crowd, worst);
        transport.unsent = 700 << 10;
        worst.unsent = 790 << 10;
        onLoop(() -> {
            first.send(KEEP_ALIVE);
            second.send(KEEP_ALIVE);
        });
        onLoop(() -> {});
        assertThat(worst.cut).isFalse();

        transport.unsent = 780 << 10;
        onLoop(() -> first.send(KEEP_ALIVE));
        await().until(() -> worst.cut);
        assertThat(transport.cut).isFalse();

        FakeTransport third = new FakeTransport();
        Peer another = slow(crowd, third);
        third.unsent = 790 << 10;
        onLoop(() -> another.send(KEEP_ALIVE));
        await().until(() -> third.cut);
        assertThat(transport.cut).isFalse();
    }

    /** Many hosts for each of whom a little waits are as much as one for whom much does. */
    @Test
    void whoIsListenedToCountsToo() {
        Crowd crowd = new Crowd(300 << 10, PATIENCE, loop);
        List<FakeTransport> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            FakeTransport each = new FakeTransport();
            Peer slow = slow(crowd, each);
            each.unsent = (65 + i) << 10;
            onLoop(() -> slow.send(KEEP_ALIVE));
            all.add(each);
        }
        onLoop(() -> {});
        assertThat(all).noneMatch(each -> each.cut);

        FakeTransport last = new FakeTransport();
        Peer little = slow(crowd, last);
        last.unsent = 63 << 10;
        onLoop(() -> little.send(KEEP_ALIVE));
        onLoop(() -> {});
        assertThat(all).noneMatch(each -> each.cut);
        last.unsent = 66 << 10;
        onLoop(() -> little.send(KEEP_ALIVE));
        await().until(() -> all.getLast().cut);
        assertThat(all.subList(0, 3)).noneMatch(each -> each.cut);
        assertThat(last.cut).isFalse();
    }

    /** What waits behind an end counts for nobody. */
    @Test
    void whoIsClosedWithMuchWaitingIsCut() {
        Crowd crowd = new Crowd(1 << 20, PATIENCE, loop);
        Peer slow = slow(crowd, transport);
        transport.unsent = 70 << 10;
        onLoop(() -> slow.close("over"));
        assertThat(transport.cut).isTrue();

        FakeTransport quick = new FakeTransport();
        Peer other = slow(crowd, quick);
        quick.unsent = 60 << 10;
        onLoop(() -> other.close("over"));
        assertThat(quick.cut).isFalse();
        assertThat(quick.finished).isTrue();
    }

    private void secondsPass(Crowd crowd, int from, int to) {
        for (int second = from; second < to; second++) {
            long now = TimeUnit.SECONDS.toNanos(second);
            onLoop(() -> crowd.look(now));
        }
    }

    @Test
    void whoTakesNothingOfWhatWaitsIsLostAfterAWhile() {
        Crowd crowd = new Crowd(1 << 20, PATIENCE, loop);
        Peer slow = slow(crowd, transport);
        onLoop(() -> slow.send(KEEP_ALIVE));
        transport.unsent = 2;
        secondsPass(crowd, 0, 30);
        assertThat(stalled).hasValue(0);
        onLoop(() -> slow.send(KEEP_ALIVE));
        transport.unsent = 4;
        secondsPass(crowd, 30, 31);
        assertThat(stalled).hasValue(1);
        assertThat(transport.cut).isTrue();
        secondsPass(crowd, 31, 90);
        assertThat(stalled).as("once").hasValue(1);
    }

    /** Between two of its takings as much may wait as lets it be listened to, whatever else waits behind. */
    @Test
    void whoTakesEnoughStaysHoweverMuchWaits() {
        Crowd crowd = new Crowd(1 << 20, PATIENCE, loop);
        Peer slow = slow(crowd, transport);
        onLoop(() -> {
            for (int i = 0; i < 300; i++) {
                slow.send(KEEP_ALIVE);
            }
        });
        transport.unsent = 600;
        secondsPass(crowd, 0, 29);
        transport.unsent = 500;
        secondsPass(crowd, 29, 58);
        transport.unsent = 400;
        secondsPass(crowd, 58, 87);
        assertThat(stalled).hasValue(0);
        transport.unsent = 301;
        secondsPass(crowd, 87, 116);
        assertThat(stalled).as("a byte too little").hasValue(1);
    }

    @Test
    void whoHasTakenAllOwesNothing() {
        Crowd crowd = new Crowd(1 << 20, PATIENCE, loop);
        Peer slow = slow(crowd, transport);
        onLoop(() -> slow.send(KEEP_ALIVE));
        transport.unsent = 2;
        secondsPass(crowd, 0, 29);
        transport.unsent = 0;
        secondsPass(crowd, 29, 30);
        transport.unsent = 2;
        secondsPass(crowd, 30, 60);
        assertThat(stalled).hasValue(0);
        secondsPass(crowd, 60, 62);
        assertThat(stalled).hasValue(1);
    }

    @Test
    void pauseOfOurOwnIsNobodysFault() {
        Crowd crowd = new Crowd(1 << 20, PATIENCE, loop);
        Peer slow = slow(crowd, transport);
        onLoop(() -> slow.send(KEEP_ALIVE));
        transport.unsent = 2;
        secondsPass(crowd, 0, 20);
        secondsPass(crowd, 60, 90);
        assertThat(stalled).hasValue(0);
        secondsPass(crowd, 90, 92);
        assertThat(stalled).hasValue(1);
    }

    /** Its host may have another connection by now. */
    @Test
    void whoHasGoneTakesNothingAndMayStillBeHeard() {
        Crowd crowd = new Crowd(1 << 20, PATIENCE, loop);
        Peer slow = slow(crowd, transport);
        ahead.unsent = Valve.SHUT_AT + 1;
        onLoop(() -> {
            valve.watch(ahead);
            slow.writesTo(valve);
            slow.send(KEEP_ALIVE);
        });
        transport.unsent = 2;
        slow.received(Unpooled.wrappedBuffer(KEEP_ALIVE.bytes().clone()));
        slow.gone();
        secondsPass(crowd, 0, 40);
        assertThat(stalled).hasValue(0);
        assertThat(transport.cut).isFalse();
    }

    @Test
    void whatTheJournalHoldsBackIsNotWaitedFor() {
        Crowd crowd = new Crowd(1 << 20, PATIENCE, loop);
        Peer slow = slow(crowd, transport);
        OutputGate gate = new OutputGate();
        onLoop(() -> {
            slow.behind(gate);
            gate.journal();
            slow.send(KEEP_ALIVE);
        });
        secondsPass(crowd, 0, 90);
        assertThat(stalled).hasValue(0);
        assertThat(transport.cut).isFalse();
    }

    @Test
    void nobodyOwesAnAnswerWhileTheCharServerTakesNothing() {
        Peer slow = slow(new Crowd(1 << 20, PATIENCE, loop), transport);
        onLoop(() -> assertThat(slow.isFlowing()).isTrue());
        FakeTransport charServer = new FakeTransport();
        charServer.unsent = Valve.SHUT_AT + 1;
        Valve valve = new Valve();
        valve.watch(charServer);
        onLoop(() -> slow.writesTo(valve));
        onLoop(() -> assertThat(slow.isFlowing()).isFalse());
    }

    private Peer slow(Crowd crowd, FakeTransport over) {
        return new Peer(
                "slow",
                loop,
                over,
                InterLengths.fromMapServer(),
                new Peer.Patience(100, 1 << 20, crowd, stalled::incrementAndGet),
                packet -> {},
                () -> {});
    }

    @Test
    void whatIsSentWaitsForTheJournalInItsOrderAndTheEndWaitsBehindIt() {
        OutputGate gate = new OutputGate();
        onLoop(() -> {
            peer.behind(gate);
            peer.send(KEEP_ALIVE);
        });
        assertThat(transport.ids()).containsExactly(MapToChar.KEEP_ALIVE);

        onLoop(() -> {
            gate.journal();
            peer.send(USERS);
        });
        onLoop(() -> peer.close("over"));
        assertThat(transport.ids()).hasSize(1);
        assertThat(transport.finished).isFalse();

        onLoop(() -> gate.free(1));
        assertThat(transport.ids()).containsExactly(MapToChar.KEEP_ALIVE, MapToChar.USER_COUNT);
        assertThat(transport.finished).isTrue();
    }

    @Test
    void whatWaitsForTheJournalCountsTowardsTheBound() {
        OutputGate gate = new OutputGate();
        onLoop(() -> {
            peer.behind(gate);
            gate.journal();
        });
        for (int sent = 0; sent < LIMIT; sent += KEEP_ALIVE.length()) {
            onLoop(() -> peer.send(KEEP_ALIVE));
        }
        assertThat(transport.cut).isFalse();
        onLoop(() -> peer.send(KEEP_ALIVE));
        assertThat(transport.cut).isTrue();
    }

    @Test
    void writersWaitWhileWhatTheyWriteToIsFullAndLoseNothing() {
        ahead.unsent = Valve.SHUT_AT + 1;
        onLoop(() -> {
            valve.watch(ahead);
            peer.writesTo(valve);
        });
        packet(KEEP_ALIVE);
        packet(USERS);
        onLoop(() -> {});
        assertThat(heard).isEmpty();
        assertThat(transport.taken).as("the sender is not read on").hasValue(0);
        assertThat(valve.waiting()).isEqualTo(1);

        ahead.unsent = Valve.OPEN_AT + 1;
        onLoop(() -> {});
        assertThat(heard).as("not at every little gap").isEmpty();
        ahead.unsent = Valve.OPEN_AT;
        await().untilAsserted(() -> assertThat(heard).containsExactly(MapToChar.KEEP_ALIVE, MapToChar.USER_COUNT));
        await().until(() -> transport.taken.get() == 6);
    }

    @Test
    void oneThatFloodsDoesNotKeepOthersWaiting() {
        List<String> order = new CopyOnWriteArrayList<>();
        Peer flood = peer(order, "flood");
        Peer quiet = peer(order, "quiet");
        onLoop(() -> {
            // While the loop is here, both arrive.
            for (int i = 0; i < 10_000; i++) {
                flood.received(Unpooled.wrappedBuffer(KEEP_ALIVE.bytes().clone()));
            }
            quiet.received(Unpooled.wrappedBuffer(KEEP_ALIVE.bytes().clone()));
        });
        await().until(() -> order.size() == 10_001);
        assertThat(order.indexOf("quiet")).isLessThan(200);
    }

    private Peer peer(List<String> order, String name) {
        return new Peer(
                name,
                loop,
                new FakeTransport(),
                InterLengths.fromMapServer(),
                Peer.Patience.until(LIMIT),
                packet -> order.add(name),
                () -> {});
    }

    @Test
    void aFaultInOnePacketIsCountedAndTheNextIsHandled() {
        AtomicInteger seen = new AtomicInteger();
        Peer fragile = new Peer(
                "fragile",
                loop,
                new FakeTransport(),
                InterLengths.fromMapServer(),
                Peer.Patience.until(LIMIT),
                packet -> {
                    if (seen.getAndIncrement() == 0) {
                        throw new IllegalStateException("a planted fault");
                    }
                },
                () -> {});
        fragile.received(Unpooled.wrappedBuffer(KEEP_ALIVE.bytes().clone()));
        fragile.received(Unpooled.wrappedBuffer(KEEP_ALIVE.bytes().clone()));
        await().until(() -> seen.get() == 2);
        assertThat(meters.counter("p2p_dbproxy_mux_failures_total").count()).isEqualTo(1);
    }

    @Test
    void anErrorThatNothingSurvivesIsTold() {
        loop.execute(() -> {
            throw new AssertionError("a planted error");
        });
        await().dontCatchUncaughtExceptions().until(() -> died.get() == 1);
        assertThat(loop.isDead()).isTrue();
    }

    @Test
    void closingIsNoDeath() {
        loop.close();
        assertThat(loop.isDead()).isFalse();
        assertThat(died).hasValue(0);
    }

    @Test
    void loopTakesNothingMoreFromOutsideAtItsBound() {
        CountDownLatch go = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        int accepted = 0;
        while (loop.offer(() -> {})) {
            accepted++;
            assertThat(accepted).isLessThanOrEqualTo(MuxLoop.CAPACITY);
        }
        go.countDown();
        await().until(() -> loop.offer(() -> {}));
        assertThat(meters.counter("p2p_dbproxy_mux_refused_total").count()).isPositive();
    }
}
