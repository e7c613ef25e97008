package io.p2phost.relay.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.Tap;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.Cell;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.OwnWalk;
import io.p2phost.ro.client.Parameter;
import io.p2phost.ro.client.ServerTime;
import io.p2phost.ro.client.TimeRequest;
import io.p2phost.ro.client.UseSkill;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From packets, some of them recorded from a real map-server, to observations. */
@ExtendWith(LeakGuard.class)
class TapDeskTest {
    private static final HostId HOST = HostId.random();
    /** Who played when the packets were recorded. */
    private static final int RECORDED = 2_000_008;

    private static final io.p2phost.relay.tap.Cell HERE =
            new io.p2phost.relay.tap.Cell(HOST, MapName.of("prt_fild08"), Epoch.of(7));

    private static final String NOTHING = "00";
    private static final String PORING_SPAWNS = "fe096b0005587a8e060000000090010000000000000000ea03"
            + NOTHING.repeat(38) + "2a5770000001000000ffffffffffffffff000000506f72696e67" + NOTHING.repeat(18);
    private static final String PORING_WALKS = "fd09720005587a8e060000000090010000000000000000ea03" + NOTHING.repeat(12)
            + "7cc22200" + NOTHING.repeat(26) + "27d6e2956e88000001000000ffffffffffffffff000000506f72696e67"
            + NOTHING.repeat(18);
    private static final String WARP_IS_THERE = "ff096c0006cca98e0600000000c80000000000000000002d00"
            + NOTHING.repeat(38) + "2a97a000000000000000ffffffffffffffff000000707274663030340000" + NOTHING.repeat(15);
    private static final String PORING_DIES = "8000587a8e0601";
    private static final String JELLOPY_FALLS = "dd0a030000008d030000030001a90077010c0c0100000000";
    private static final String BASE_EXP = "cc0a88841e00020000000000000001000000";
    private static final String JOB_EXP = "cc0a88841e00010000000000000002000000";
    private static final String JELLOPY_TAKEN =
            "370a040001008d03000001" + NOTHING.repeat(22) + "03" + NOTHING.repeat(35);
    private static final String BLOW = "c80888841e00587a8e065bc522004d020000e0010000c90000000001000000000000";
    private static final String PICKS_UP = "c80888841e0003000000000000000000000000000000000000000000000100000000";
    private static final String CORRECTED = "880088841e00aa007701";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Observation> observations = new CopyOnWriteArrayList<>();
    private final FakeLoop loop = new FakeLoop();
    private volatile Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final TapDesk desk = new TapDesk("relay", Duration.ofMinutes(1), observations::add, () -> now, meters);

    private static Destination at(String map) {
        return new Destination(Owner.host(HOST), MapName.of(map), Epoch.of(7), 1, 1, 1, 1);
    }

    private Tap tap(int account) {
        return desk.tap(at("prt_fild08"), account, loop);
    }

    private static void server(Tap tap, String... packets) {
        for (String packet : packets) {
            server(tap, Packet.of(HexFormat.of().parseHex(packet)));
        }
    }

    /** Somewhere in a buffer, between others. */
    private static void server(Tap tap, Packet packet) {
        ByteBuf in = Unpooled.buffer();
        in.writeZero(7).writeBytes(packet.bytes()).writeZero(3);
        tap.fromServer(packet.id(), in, 7, packet.length());
        in.release();
    }

    private static void client(Tap tap, Packet packet) {
        ByteBuf in = Unpooled.wrappedBuffer(packet.bytes());
        tap.fromClient(packet.id(), in, 0, packet.length());
        in.release();
    }

    private List<Fact> minute() {
        desk.turn();
        now = now.plusSeconds(60);
        observations.clear();
        desk.turn();
        return observations.isEmpty() ? List.of() : observations.getFirst().facts();
    }

    @Test
    void recordedFightBecomesFacts() {
        Tap tap = tap(RECORDED);
        server(tap, WARP_IS_THERE, PORING_SPAWNS, PORING_WALKS, BLOW, PORING_DIES, BASE_EXP, JOB_EXP);
        server(tap, JELLOPY_FALLS, PICKS_UP, JELLOPY_TAKEN, CORRECTED);
        tap.end();

        assertThat(minute())
                .containsExactlyInAnyOrder(
                        new Fact.Mobs(1002, 1, 0, 1, 1, 1),
                        new Fact.Fallen(909, 1, 1),
                        new Fact.Taken(909, 1, 1),
                        new Fact.Gained(1, 2, 1, 2, 1, 1, 0),
                        new Fact.Walked(1, 0, 0, 1),
                        new Fact.Blows(1, 0xc9, 0xc9, 0, 0, 0),
                        new Fact.Removed(1, 0));
        Observation told = observations.getFirst();
        assertThat(told.source()).isEqualTo("relay");
        assertThat(told.hostId()).isEqualTo(HOST);
        assertThat(told.map()).isEqualTo(MapName.of("prt_fild08"));
        assertThat(told.epoch()).isEqualTo(Epoch.of(7));
        assertThat(Duration.between(told.from(), told.to())).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void whatManySeeCountsOnce() {
        for (int account = 1; account <= 5; account++) {
            Tap tap = tap(account);
            server(tap, PORING_WALKS, JELLOPY_FALLS, PORING_DIES, BASE_EXP, BLOW);
            tap.end();
        }
        assertThat(minute())
                .as("experience, blows and steps of others are theirs")
                .containsExactlyInAnyOrder(new Fact.Mobs(1002, 1, 1, 0, 1, 1), new Fact.Fallen(909, 1, 1));
    }

    @Test
    void monsterThatSpawnsAgainWithItsOldNumberIsAnotherOneAndALateSightNoGhost() {
        Tap first = tap(1);
        Tap late = tap(2);
        server(first, PORING_SPAWNS, PORING_DIES);
        first.end();
        desk.turn();
        server(late, PORING_WALKS);
        late.end();
        desk.turn();
        now = now.plusSeconds(4);
        Tap again = tap(1);
        server(again, PORING_SPAWNS);
        again.end();
        assertThat(minute()).containsExactly(new Fact.Mobs(1002, 1, 0, 2, 1, 1));
    }

    @Test
    void walksSkillsAndAnswersAreCounted() {
        Tap tap = tap(1);
        server(tap, OwnWalk.of(1, new Cell(100, 80, 0), new Cell(103, 75, 0)).packet());
        server(tap, OwnWalk.of(2, new Cell(1000, 1, 0), new Cell(999, 1, 0)).packet());
        client(tap, UseSkill.of(28, 3, 1).packet());
        client(tap, UseSkill.of(28, 10, 1).packet());
        client(tap, TimeRequest.of(1).packet());
        loop.now += Duration.ofMillis(30).toNanos();
        server(tap, ServerTime.of(1).packet());
        client(tap, TimeRequest.of(1).packet());
        loop.now += Duration.ofMillis(50).toNanos();
        server(tap, ServerTime.of(1).packet());
        server(tap, ServerTime.of(1).packet());
        tap.end();
        assertThat(minute())
                .containsExactlyInAnyOrder(
                        new Fact.Walked(1, 2, 6, 0), new Fact.SkillAsked(28, 10, 2), new Fact.Answered(2, 40, 50));
    }

    @Test
    void skillsBlowsCountLikeOthers() {
        Tap tap = tap(1);
        all(tap, skill(1, 110_000_001, 300), skill(110_000_001, 1, 20), skill(2, 110_000_001, 900));
        tap.end();
        assertThat(minute()).containsExactly(new Fact.Blows(1, 300, 300, 1, 20, 20));
    }

    private static Packet skill(int by, int to, int damage) {
        return Packet.fixed(MapToClient.SKILL_DAMAGE, 33).u32(4, by).u32(8, to).u32(24, damage);
    }

    @Test
    void thingLeavesTheFloorOnceByAHandOrWithoutOne() {
        Tap first = tap(1);
        for (int thing = 1; thing <= 3; thing++) {
            server(first, Packet.of(HexFormat.of().parseHex(JELLOPY_FALLS)).u32(2, thing));
        }
        server(first, gone(1));
        // Another still sees it, and picks it up.
        Tap second = tap(2);
        server(second, Packet.of(HexFormat.of().parseHex(PICKS_UP)).u32(6, 1));
        all(second, gone(1), gone(2), gone(99));
        first.end();
        second.end();
        assertThat(minute()).containsExactlyInAnyOrder(new Fact.Fallen(909, 3, 3), new Fact.Removed(1, 2));
    }

    private static Packet gone(int thing) {
        return Packet.fixed(MapToClient.FLOOR_ITEM_GONE, 6).u32(2, thing);
    }

    @Test
    void lifeIsSeenToGrowAndToBeHighest() {
        Tap tap = tap(1);
        all(tap, parameter(Parameter.MOST_HP, 400), parameter(Parameter.HP, 100), parameter(Parameter.HP, 145));
        all(tap, parameter(Parameter.HP, 90), parameter(Parameter.HP, 95));
        all(tap, parameter(Parameter.SP, 20), parameter(Parameter.MOST_SP, 60), parameter(Parameter.ZENY, 9_999));
        tap.end();
        assertThat(minute()).containsExactly(new Fact.Vitals(2, 50, 45, 400, 60));
    }

    private static Packet parameter(int kind, int value) {
        return Packet.fixed(MapToClient.PARAMETER, 8).u16(2, kind).u32(4, value);
    }

    private static void all(Tap tap, Packet... packets) {
        for (Packet packet : packets) {
            server(tap, packet);
        }
    }

    @Test
    void batchGoesWhenItIsFullOrASecondOld() {
        Tap tap = tap(1);
        Packet walk = OwnWalk.of(1, new Cell(1, 1, 0), new Cell(2, 1, 0)).packet();
        for (int i = 0; i < Eye.MOST; i++) {
            server(tap, walk);
        }
        assertThat(minute()).containsExactly(new Fact.Walked(1, Eye.MOST, Eye.MOST, 0));
        server(tap, walk);
        loop.now += Eye.OLDEST_NANOS;
        assertThat(minute()).isEmpty();
        server(tap, walk);
        assertThat(minute()).containsExactly(new Fact.Walked(1, 1, 1, 0));
    }

    @Test
    void queueIsBoundedAndWhatDoesNotFitIsCounted() {
        Tap tap = tap(RECORDED);
        for (int i = 0; i < TapDesk.MOST_WAITING; i++) {
            tap = tap(RECORDED);
            server(tap, CORRECTED, CORRECTED);
            tap.end();
        }
        assertThat(dropped("queue")).isZero();
        tap = tap(RECORDED);
        server(tap, CORRECTED, CORRECTED, CORRECTED);
        tap.end();
        assertThat(dropped("queue")).isEqualTo(3);
        assertThat(minute()).containsExactly(new Fact.Walked(1, 0, 0, 2 * TapDesk.MOST_WAITING));
    }

    @Test
    void inventionsOfAMapServerAreBoundedAndCounted() {
        Tap tap = tap(1);
        int tooMany = Tally.MOST_KINDS + 10;
        for (int i = 0; i < tooMany; i++) {
            Packet mob = Packet.of(HexFormat.of().parseHex(PORING_SPAWNS));
            server(tap, mob.u32(5, 1 + i).u16(23, 2_000 + i));
            Packet thing = Packet.of(HexFormat.of().parseHex(JELLOPY_FALLS));
            server(tap, thing.u32(2, i).u32(6, 500 + i));
        }
        server(tap, Packet.of(HexFormat.of().parseHex(JELLOPY_TAKEN)).u32(6, -1));
        tap.end();
        List<Fact> facts = minute();
        assertThat(facts).hasSize(2 * Tally.MOST_KINDS);
        assertThat(dropped("table")).isEqualTo(2 * 10 + 1);
    }

    @Test
    void noMoreMonstersThanSoManyAreRememberedAndThoseUnseenForLongAreForgotten() {
        Tally tally = new Tally(now);
        for (int i = 1; i <= Tally.MOST_UNITS + 5; i++) {
            int[] numbers = {Sightings.APPEARED, i, 1002, 1};
            tally.add(new Sightings(HERE, 1, numbers, 4), now);
        }
        assertThat(tally.units()).isEqualTo(Tally.MOST_UNITS);
        assertThat(tally.close(now))
                .containsExactly(new Fact.Mobs(1002, 1, Tally.MOST_UNITS + 5, 0, 0, Tally.MOST_UNITS));
        tally.close(now.plus(Tally.UNSEEN).plusSeconds(1));
        assertThat(tally.units()).isZero();
    }

    @Test
    void cellsAreBounded() {
        for (int i = 0; i <= TapDesk.MOST_CELLS; i++) {
            Tap tap = desk.tap(at("map" + i), RECORDED, loop);
            server(tap, CORRECTED);
            tap.end();
        }
        minute();
        assertThat(observations).hasSize(TapDesk.MOST_CELLS);
        assertThat(dropped("table")).isEqualTo(1);
    }

    @Test
    void shortUnitIsPassedOver() {
        Tap tap = tap(1);
        byte[] cut = Arrays.copyOf(HexFormat.of().parseHex(PORING_WALKS), 70);
        server(tap, Packet.of(cut));
        tap.end();
        assertThat(minute()).isEmpty();
    }

    @Test
    void ownThreadTellsByItself() {
        desk.start();
        Tap tap = tap(RECORDED);
        server(tap, CORRECTED);
        tap.end();
        await().until(() -> meters.get("p2p_relay_taps_waiting").gauge().value() == 0);
        now = now.plusSeconds(61);
        await().until(() -> observations.size() == 1);
        desk.close();
    }

    @Test
    void batchThatCannotBeAddedUpIsCountedAndTheOthersGoOn() {
        desk.start();
        // It says that it holds one sighting, and holds a part of it.
        desk.offer(new Sightings(HERE, RECORDED, new int[] {Sightings.APPEARED, 1}, Sightings.WIDTH));
        Tap tap = tap(RECORDED);
        server(tap, CORRECTED);
        tap.end();
        await().until(() -> meters.get("p2p_relay_taps_waiting").gauge().value() == 0);
        now = now.plusSeconds(61);
        await().until(() -> observations.size() == 1);
        assertThat(observations.getFirst().facts()).containsExactly(new Fact.Walked(1, 0, 0, 1));
        assertThat(dropped("error")).isEqualTo(1);
        desk.close();
    }

    private double dropped(String why) {
        return meters.counter("p2p_relay_taps_dropped_total", "why", why).count();
    }

    private static final class FakeLoop implements Loop {
        private long now = 1;

        @Override
        public void execute(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Alarm after(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nanoTime() {
            return now;
        }
    }
}
