package io.p2phost.dbproxy.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Fact.Protocol;
import io.p2phost.contracts.event.Observation;
import io.p2phost.dbproxy.mux.Outside.SaveSeen;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.dbproxy.mux.ServerKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObservationCollectorTest {
    private static final MapName FIELD = new MapName("prt_fild08");
    private static final ServerKey.Cell CELL = cell(1);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
    private final List<Observation> published = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ObservationCollector collector = new ObservationCollector(published::add, now::get, meters);

    @Test
    void refusalsAreCountedByPacketAndKindAndToldAfterTenSeconds() {
        Instant first = now.get();
        refuse(CELL, 0x2b01, Violation.Kind.NOT_ITS_PLAYER);
        later(5);
        refuse(CELL, 0x2b01, Violation.Kind.NOT_ITS_PLAYER);
        refuse(CELL, 0x2b01, Violation.Kind.OVER_CEILING);
        refuse(CELL, 0x3049, Violation.Kind.NOT_TAKEN);
        later(4);
        assertThat(published).isEmpty();

        later(1);

        assertThat(published).singleElement().satisfies(seen -> {
            assertThat(seen.source()).isEqualTo("db-proxy");
            assertThat(seen.hostId()).isEqualTo(CELL.host());
            assertThat(seen.map()).isEqualTo(FIELD);
            assertThat(seen.epoch()).isEqualTo(CELL.epoch());
            assertThat(seen.from()).isEqualTo(first);
            assertThat(seen.to()).isEqualTo(now.get());
            assertThat(seen.facts())
                    .containsExactly(
                            new Protocol(0x2b01, Protocol.Kind.NOT_ITS_PLAYER, 2),
                            new Protocol(0x2b01, Protocol.Kind.OVER_CEILING, 1),
                            new Protocol(0x3049, Protocol.Kind.NOT_TAKEN, 1));
        });
        later(60);
        assertThat(published).as("nothing is told twice").hasSize(1);
    }

    @Test
    void everyCellIsToldOfByItself() {
        refuse(CELL, 0x2b01, Violation.Kind.OVER_CEILING);
        refuse(cell(2), 0x2b01, Violation.Kind.OVER_CEILING);

        later(10);

        assertThat(published).extracting(Observation::epoch).containsExactly(Epoch.of(1), Epoch.of(2));
    }

    @ParameterizedTest
    @EnumSource(Violation.Kind.class)
    void everyKindHasItsWordInTheContract(Violation.Kind kind) {
        refuse(CELL, 1, kind);

        later(10);

        assertThat(published.getFirst().facts())
                .containsExactly(new Protocol(1, Protocol.Kind.valueOf(kind.name()), 1));
        assertThat(Protocol.Kind.values()).hasSameSizeAs(Violation.Kind.values());
    }

    @Test
    void nobodyIsToldOfTheOperatorsOwnServers() {
        refuse(ServerKey.RESERVE, 0x2b0c, Violation.Kind.FORBIDDEN);
        refuse(ServerKey.CORE, 0x2b0c, Violation.Kind.FORBIDDEN);
        save(ServerKey.RESERVE, 7, 0, 100, 5);

        later(700);

        assertThat(published).isEmpty();
    }

    @Test
    void whatTheReserveIsRefusedForTooIsNoHostsDoing() {
        refuse(ServerKey.RESERVE, 0x2b01, Violation.Kind.MISSHAPEN);

        refuse(CELL, 0x2b01, Violation.Kind.MISSHAPEN);
        refuse(CELL, 0x308b, Violation.Kind.MISSHAPEN);
        later(10);

        assertThat(published.getFirst().facts()).containsExactly(new Protocol(0x308b, Protocol.Kind.MISSHAPEN, 1));
        assertThat(count("withheld")).isEqualTo(1);
        later(3_600);
        refuse(CELL, 0x2b01, Violation.Kind.MISSHAPEN);
        later(10);
        assertThat(published).as("an hour later it is").hasSize(2);
    }

    @Test
    void latePacketsOfTheReserveExcuseNoHost() {
        refuse(ServerKey.RESERVE, 0x2b01, Violation.Kind.NOT_ITS_PLAYER);
        refuse(CELL, 0x2b01, Violation.Kind.NOT_ITS_PLAYER);

        later(10);

        assertThat(published).hasSize(1);
    }

    @Test
    void savesAreAddedUpPerPlayerAndToldEveryTenMinutes() {
        save(CELL, 7, 0, 100, 50);
        later(10);
        save(CELL, 7, 0, 200, -80);
        save(CELL, 8, 0, 5, 0);
        later(580);
        save(CELL, 7, 0, 1, 0);
        assertThat(published).isEmpty();

        later(10);

        assertThat(published)
                .singleElement()
                .satisfies(seen -> assertThat(seen.facts())
                        .containsExactly(new Fact.Save(0, 0, 301, 0, -30, 590), new Fact.Save(0, 0, 5, 0, 0, 1)));
    }

    @Test
    void noTimeIsLostBetweenTwoPeriods() {
        save(CELL, 7, 0, 1, 0);
        later(595);
        save(CELL, 7, 0, 1, 0);
        later(5);
        later(5);
        save(CELL, 7, 0, 1, 0);
        save(CELL, 8, 0, 1, 0);
        later(600);

        assertThat(published).hasSize(2);
        assertThat(published.getLast().facts())
                .as("since his save before the period began")
                .containsExactly(new Fact.Save(0, 0, 1, 0, 0, 10), new Fact.Save(0, 0, 1, 0, 0, 1));
    }

    @Test
    void experienceAcrossANewLevelAndLossesAreNoGain() {
        save(CELL, 7, 1, 900, 0);
        save(CELL, 7, 0, -300, 0);
        save(CELL, 7, -98, 1_000, 0);
        save(CELL, 7, 0, 20, 0);

        later(600);

        assertThat(published.getFirst().facts()).containsExactly(new Fact.Save(1, 0, 20, 0, 0, 1));
    }

    @Test
    void cellWithoutSavesIsForgotten() {
        save(CELL, 7, 0, 1, 0);
        later(600);
        later(600);
        for (int i = 2; i < 2 + ObservationCollector.MAX_CELLS; i++) {
            save(cell(i), 7, 0, 1, 0);
        }
        assertThat(count("lost")).isZero();
    }

    @Test
    void cellsAreBounded() {
        for (int i = 0; i <= ObservationCollector.MAX_CELLS; i++) {
            refuse(cell(i + 1), 1, Violation.Kind.OVER_CEILING);
            save(cell(i + 1), 7, 0, 1, 0);
        }
        assertThat(count("lost")).isEqualTo(2);

        later(600);

        assertThat(published).hasSize(2 * ObservationCollector.MAX_CELLS);
        assertThat(count("published")).isEqualTo(2 * ObservationCollector.MAX_CELLS);
        refuse(cell(9_999), 1, Violation.Kind.OVER_CEILING);
        assertThat(count("lost")).as("there is room again").isEqualTo(2);
    }

    @Test
    void packetsAndPlayersOfOneCellAreBounded() {
        for (int i = 0; i <= Refusals.MAX_FACTS; i++) {
            refuse(CELL, i, Violation.Kind.NOT_ITS_PLAYER);
        }
        refuse(CELL, 0, Violation.Kind.NOT_ITS_PLAYER);
        assertThat(count("lost")).isEqualTo(1);
        for (int i = 0; i <= Gains.MAX_PLAYERS; i++) {
            save(CELL, i, 0, 1, 0);
        }
        save(CELL, 0, 0, 1, 0);
        assertThat(count("lost")).isEqualTo(2);

        later(600);

        assertThat(published).extracting(seen -> seen.facts().size()).containsExactly(256, 500);
        assertThat(published.getLast().facts().getFirst()).isEqualTo(new Fact.Save(0, 0, 2, 0, 0, 1));
    }

    @Test
    void refusalsOfTheReserveAreBounded() {
        for (int i = 0; i <= ObservationCollector.MAX_OURS; i++) {
            refuse(ServerKey.RESERVE, i, Violation.Kind.MISSHAPEN);
        }
        for (int i : Arrays.asList(0, ObservationCollector.MAX_OURS)) {
            refuse(CELL, i, Violation.Kind.MISSHAPEN);
        }
        assertThat(count("withheld")).isEqualTo(1);
    }

    private void refuse(ServerKey server, int packet, Violation.Kind kind) {
        collector.violated(new Violation(server, packet, 2_000_001, kind, "test"));
    }

    private void save(ServerKey server, int character, int levels, long experience, long zeny) {
        collector.saved(new SaveSeen(server, FIELD, 2_000_001, character, levels, 0, experience, 0, zeny));
    }

    private void later(int seconds) {
        now.set(now.get().plus(Duration.ofSeconds(seconds)));
        collector.flush();
    }

    private double count(String result) {
        return meters.get("p2p_dbproxy_observations_total")
                .tag("result", result)
                .counter()
                .count();
    }

    private static ServerKey.Cell cell(int epoch) {
        return new ServerKey.Cell(HostId.of("00000000-0000-0000-0000-000000000001"), FIELD, Epoch.of(epoch));
    }
}
