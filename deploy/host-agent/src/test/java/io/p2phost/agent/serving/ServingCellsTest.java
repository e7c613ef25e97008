package io.p2phost.agent.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.agent.Backoff;
import io.p2phost.agent.MutableTime;
import io.p2phost.agent.home.HeldAssignments;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maps whose map-servers the agent runs itself. */
class ServingCellsTest {
    private static final MapName MAP = MapName.of("prt_fild08");
    private static final MapName OTHER = MapName.of("pay_fild01");
    private static final MapName FOREIGN = MapName.of("prontera");

    @TempDir
    Path directory;

    private final FakeLinks links = new FakeLinks();
    private final FakeCells cells = new FakeCells();
    private final MutableTime time = new MutableTime();
    private Serving serving;

    private static final class FakeCells implements Cells {
        private final List<FakeCell> started = new CopyOnWriteArrayList<>();
        private volatile boolean broken;

        @Override
        public boolean runs(MapName map) {
            return !map.equals(FOREIGN);
        }

        @Override
        public String why(MapName map) {
            return "not in the bundle";
        }

        @Override
        public Cell start(MapName map, String charServer, Runnable ended) throws IOException {
            if (broken) {
                throw new IOException("ended 5 times within 5 minutes");
            }
            FakeCell cell = new FakeCell(new LocalServer(map, "127.0.0.1", 5200 + started.size()), ended);
            started.add(cell);
            return cell;
        }
    }

    private static final class FakeCell implements Cells.Cell {
        private final LocalServer server;
        private final Runnable ended;
        private final List<Boolean> stops = new CopyOnWriteArrayList<>();
        private volatile Optional<String> end = Optional.empty();

        FakeCell(LocalServer server, Runnable ended) {
            this.server = server;
            this.ended = ended;
        }

        void crash() {
            end = Optional.of("the map-server ended, signal 11");
            ended.run();
        }

        @Override
        public LocalServer server() {
            return server;
        }

        @Override
        public Optional<String> end() {
            return end;
        }

        @Override
        public void stop(boolean atOnce) {
            stops.add(atOnce);
            end = Optional.of("stopped");
        }
    }

    @BeforeEach
    void start() {
        serving = new Serving(
                List.of(),
                new Serving.Ports(
                        new HeldAssignments(directory.resolve("assignments.json")),
                        links,
                        links,
                        server -> {},
                        Optional::empty,
                        () -> new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1)),
                        time,
                        cells,
                        OptionalInt.of(1)));
        serving.resume();
    }

    @AfterEach
    void stop() {
        serving.suspend("test over");
    }

    private void awaitTarget(long epoch, int port) {
        await().until(() -> serving.target(MAP, Epoch.of(epoch))
                .filter(server -> server.port() == port)
                .isPresent());
    }

    @Test
    void assignedMapGetsAMapServerOfItsOwn() {
        serving.assign(MAP, Epoch.of(3));
        awaitTarget(3, 5200);
        assertThat(cells.started).hasSize(1);
        assertThat(links.readiness).containsExactly("prt_fild08:3:true");
    }

    @Test
    void fencedCellIsKilledAtOnce() {
        serving.assign(MAP, Epoch.of(3));
        awaitTarget(3, 5200);
        serving.fenced(MAP, Epoch.of(3), Epoch.of(4));
        assertThat(cells.started.getFirst().stops).first().isEqualTo(true);
    }

    @Test
    void cellThatADbProxyFencesIsKilledAtOnce() {
        serving.assign(MAP, Epoch.of(3));
        awaitTarget(3, 5200);
        links.links.getFirst().fence(Epoch.of(4));
        await().until(() -> !cells.started.getFirst().stops.isEmpty());
        assertThat(cells.started.getFirst().stops).first().isEqualTo(true);
    }

    @Test
    void suspendedAgentKillsItsCellsBeforeItReturns() {
        serving.assign(MAP, Epoch.of(3));
        awaitTarget(3, 5200);
        serving.suspend("slept longer than its lease");
        assertThat(cells.started.getFirst().stops).first().isEqualTo(true);
        serving.resume();
        awaitTarget(3, 5201);
    }

    @Test
    void cellOfAMapThatIsNoLongerWantedMayEndByItself() {
        serving.assign(MAP, Epoch.of(3));
        awaitTarget(3, 5200);
        time.pass(Duration.ofSeconds(1));
        serving.reconcile(List.of(), time.nanos());
        serving.reconcile(List.of(), time.nanos());
        assertThat(cells.started.getFirst().stops).first().isEqualTo(false);
    }

    @Test
    void crashedCellIsToldAndStartedAgain() {
        serving.assign(MAP, Epoch.of(3));
        awaitTarget(3, 5200);
        cells.started.getFirst().crash();
        awaitTarget(3, 5201);
        assertThat(links.readiness)
                .containsExactly(
                        "prt_fild08:3:true", "prt_fild08:3:false:the map-server ended, signal 11", "prt_fild08:3:true");
    }

    @Test
    void cellThatMayNotStartAnyMoreIsToldWithTheReason() {
        cells.broken = true;
        serving.assign(MAP, Epoch.of(3));
        await().until(() -> links.readiness.contains("prt_fild08:3:false:ended 5 times within 5 minutes"));
        cells.broken = false;
        awaitTarget(3, 5200);
    }

    @Test
    void whyACrashingCellLostItsMapIsSaidOnceItIsGone() {
        cells.broken = true;
        serving.assign(MAP, Epoch.of(3));
        await().until(() -> !links.readiness.isEmpty());
        serving.fenced(MAP, Epoch.of(3), Epoch.of(4));
        assertThat(serving.status()).isEmpty();
        assertThat(serving.fences())
                .singleElement()
                .satisfies(fence -> assertThat(fence.why()).isEqualTo("ended 5 times within 5 minutes"));
    }

    @Test
    void standbyRunsWarmAndGoesOnAsTheMapsOwn() {
        serving.standBy(MAP, Epoch.of(3));
        await().until(() ->
                !links.links.isEmpty() && serving.status().getFirst().phase() == MapStatus.Phase.STANDBY);
        serving.assign(MAP, Epoch.of(4));
        awaitTarget(4, 5200);
        assertThat(cells.started).hasSize(1);
        assertThat(cells.started.getFirst().stops).isEmpty();
    }

    @Test
    void standbyThatNobodyAsksForEnds() {
        serving.standBy(MAP, Epoch.of(3));
        await().until(() -> !links.links.isEmpty());
        time.pass(Serving.STANDBY_LEASE.plusSeconds(1));
        serving.expireStandbys();
        assertThat(serving.status()).isEmpty();
        await().until(() -> !cells.started.getFirst().stops.isEmpty());
    }

    @Test
    void noMoreMapsAreTakenThanThePlayerAllows() {
        serving.assign(MAP, Epoch.of(3));
        serving.assign(OTHER, Epoch.of(7));
        assertThat(links.readiness).contains("pay_fild01:7:false:this player's max_maps 1 is reached");
        assertThat(serving.status()).hasSize(1);
    }

    @Test
    void mapThatTheBundleLacksIsRefusedWithTheReason() {
        serving.assign(FOREIGN, Epoch.of(1));
        assertThat(links.readiness).containsExactly("prontera:1:false:not in the bundle");
    }
}
