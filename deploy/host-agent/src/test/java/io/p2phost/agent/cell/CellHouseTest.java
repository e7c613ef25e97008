package io.p2phost.agent.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.agent.MutableTime;
import io.p2phost.agent.serving.Cells.Cell;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellHouseTest {
    private static final MapName MAP = MapName.of("prt_fild08");
    private static final String CHAR = "127.0.0.1:6999";

    @TempDir
    Path directory;

    private final MutableTime time = new MutableTime();
    private final FakeLauncher launcher = new FakeLauncher();
    private final AtomicInteger ends = new AtomicInteger();
    private CellHouse house;

    /** Processes that end when a test says so. */
    private static final class FakeLauncher implements Launcher {
        private final List<FakeProcess> started = new ArrayList<>();
        private final List<Command> commands = new ArrayList<>();

        @Override
        public Running start(Command command, CellLog output, IntConsumer ended) {
            FakeProcess process = new FakeProcess(output, ended);
            started.add(process);
            commands.add(command);
            return process;
        }
    }

    private static final class FakeProcess implements Launcher.Running {
        private final CellLog output;
        private final IntConsumer ended;
        private volatile boolean alive = true;
        private volatile boolean asked;

        FakeProcess(CellLog output, IntConsumer ended) {
            this.output = output;
            this.ended = ended;
        }

        void exit(int code, String lastWords) {
            if (alive) {
                alive = false;
                output.line(lastWords);
                ended.accept(code);
            }
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public boolean alive() {
            return alive;
        }

        @Override
        public void terminate() {
            asked = true;
        }

        @Override
        public void kill() {
            exit(137, "");
        }
    }

    @BeforeEach
    void open() throws Exception {
        house = house(Duration.ofMinutes(1));
    }

    private CellHouse house(Duration toOpenItsPort) throws Exception {
        return new CellHouse(
                BundleSupply.fixed(Bundle.read(TestBundle.write(directory.resolve("bundle"), "exit 0"))),
                CellHouse.makeFolder(directory.resolve("cells")),
                new Confinement(false, false, false, 100, false, false),
                new CellHouse.Database(3999, "secret"),
                launcher,
                time,
                toOpenItsPort);
    }

    private Cell start() throws IOException {
        return house.start(MAP, CHAR, ends::incrementAndGet);
    }

    private Path folder() {
        return directory.resolve("cells").resolve("prt_fild08");
    }

    private Path pidFile() {
        return directory.resolve("cells").resolve("prt_fild08.pid");
    }

    @Test
    void cellGetsItsOwnConfAndTheBundlesFiles() throws IOException {
        Cell cell = start();
        assertThat(folder().resolve("conf/p2p/map.conf"))
                .content()
                .contains("delmap: all\nmap: prt_fild08\n")
                .contains("char_ip: 127.0.0.1\nchar_port: 6999\n")
                .contains("map_port: " + cell.server().port() + "\n")
                .contains("autosave_time: 10\n", "save_settings: 4095\n", "bind_ip: 127.0.0.1\n");
        assertThat(folder().resolve("conf/p2p/battle.conf")).content().contains("prevent_logout: 0\n");
        assertThat(folder().resolve("conf/p2p/log.conf")).content().contains("sql_logs: no\n");
        assertThat(folder().resolve("conf/p2p/inter.conf"))
                .content()
                .contains("map_server_port: 3999\n", "map_server_pw: secret\n");
        assertThat(folder().resolve("conf/packet_athena.conf")).content().contains("enable_ip_rules: no\n");
        assertThat(folder().resolve("npc/pre-re/scripts_main.conf")).content().isEqualTo("npc: npc/mobs/field.txt\n");
        assertThat(folder().resolve("db/map_index.txt")).exists();
        assertThat(folder().resolve("conf/motd.txt")).content().isEqualTo("Welcome!\n");
        for (String conf : List.of("map", "inter", "log")) {
            assertThat(folder().resolve("conf/p2p").resolve(conf + ".conf"))
                    .as("a file that bundles do not have")
                    .content()
                    .doesNotContain("import:");
        }
        assertThat(launcher.commands.getFirst().words())
                .contains(directory.resolve("cells") + "/prt_fild08/map-server", "conf/p2p/map.conf");
    }

    @Test
    void theNextStartTakesTheBundleThatIsCurrentThen() throws Exception {
        AtomicReference<Bundle> current =
                new AtomicReference<>(Bundle.read(TestBundle.write(directory.resolve("one"), "exit 0")));
        BundleSupply supply = new BundleSupply() {
            @Override
            public Bundle bundle() {
                return current.get();
            }

            @Override
            public Bundle verified() throws IOException {
                bundle().verify();
                return bundle();
            }
        };
        house = new CellHouse(
                supply,
                CellHouse.makeFolder(directory.resolve("cells")),
                new Confinement(false, false, false, 100, false, false),
                new CellHouse.Database(3999, "secret"),
                launcher,
                time,
                Duration.ofMinutes(1));
        Cell first = start();
        current.set(Bundle.read(TestBundle.write(directory.resolve("two"), "exit 1")));
        assertThat(first.end()).isEmpty();
        assertThat(folder().resolve("map-server").toRealPath())
                .startsWith(directory.resolve("one").toRealPath());

        start();

        assertThat(folder().resolve("map-server").toRealPath())
                .startsWith(directory.resolve("two").toRealPath());
    }

    @Test
    void cellThatEndsAgainAndAgainIsLeftAloneForMinutesWithTheReason() throws IOException {
        for (int i = 0; i < CellHouse.CRASHES; i++) {
            Cell cell = start();
            launcher.started.getLast().exit(134, "[Fatal Error]: no such map");
            assertThat(cell.end()).contains("the map-server ended, signal 6: [Fatal Error]: no such map");
            time.pass(Duration.ofSeconds(5));
        }
        assertThat(ends).hasValue(CellHouse.CRASHES);
        assertThatThrownBy(this::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended 5 times within 5 minutes")
                .hasMessageContaining("signal 6: [Fatal Error]: no such map");
        time.pass(CellHouse.WINDOW);
        start();
        assertThat(launcher.started).hasSize(CellHouse.CRASHES + 1);
    }

    @Test
    void crashesFarApartAreNoLoop() throws IOException {
        for (int i = 0; i < 20; i++) {
            start();
            launcher.started.getLast().exit(1, "");
            time.pass(Duration.ofMinutes(2));
        }
        assertThat(launcher.started).hasSize(20);
    }

    @Test
    void cellThatWasStoppedHasNotCrashed() throws IOException {
        for (int i = 0; i < 2 * CellHouse.CRASHES; i++) {
            start().stop(true);
        }
        assertThat(ends).hasValue(2 * CellHouse.CRASHES);
        assertThat(pidFile()).doesNotExist();
    }

    @Test
    void cellThatMayEndByItselfIsKilledWhenItDoesNot() throws IOException {
        Cell cell = start();
        cell.stop(false);
        assertThat(launcher.started.getFirst().asked).isTrue();
        assertThat(cell.end()).isEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> cell.end().isPresent());
    }

    @Test
    void nextCellStartsOnlyWhenTheEarlierIsGone() throws IOException {
        start();
        start();
        assertThat(launcher.started.getFirst().alive).isFalse();
        assertThat(launcher.started.getLast().alive).isTrue();
        assertThat(pidFile()).exists();
    }

    @Test
    void cellThatNeverOpensItsPortIsKilledAndCountsAsCrashed() throws Exception {
        house = house(Duration.ofMillis(100));
        Cell cell = start();
        await().atMost(Duration.ofSeconds(20)).until(() -> cell.end().isPresent());
        assertThat(cell.end().orElseThrow()).contains("its port was not open");
    }

    @Test
    void bundleThatWasChangedWhileRunningIsNotStarted() throws IOException {
        Files.writeString(directory.resolve("bundle/db/map_index.txt"), "prt_fild09 1\n");
        assertThatThrownBy(this::start).hasMessageContaining("db/map_index.txt is not what was published");
        assertThat(launcher.started).isEmpty();
    }

    @Test
    void whatACellWroteOverItsLinksIsGoneAtTheNextStart() throws IOException {
        start();
        Files.delete(folder().resolve("db"));
        Files.writeString(folder().resolve("db"), "mine");
        Files.writeString(folder().resolve("conf/p2p/map.conf"), "map: prontera\n");
        start();
        assertThat(folder().resolve("db/map_index.txt")).exists();
        assertThat(directory.resolve("bundle/db/map_index.txt")).exists();
        assertThat(folder().resolve("conf/p2p/map.conf")).content().doesNotContain("prontera");
    }

    @Test
    void closedHouseKillsAllAndStartsNoMore() throws IOException {
        start();
        house.close();
        assertThat(launcher.started.getFirst().alive).isFalse();
        assertThatThrownBy(this::start).hasMessage("the agent ends");
        assertThat(launcher.started).noneMatch(process -> process.alive);
    }

    @Test
    void mapThatIsNotInTheBundleIsRefused() {
        assertThat(house.runs(MapName.of("pay_fild01"))).isFalse();
        assertThatThrownBy(() -> house.start(MapName.of("pay_fild01"), CHAR, () -> {}))
                .hasMessage("not in bundle test.1");
    }

    @Test
    void logStartsOverWhenItIsLong() throws IOException {
        CellLog log = new CellLog(directory.resolve("cell.log"));
        for (int i = 0; i < 3000; i++) {
            log.line("x".repeat(500));
        }
        assertThat(Files.size(directory.resolve("cell.log"))).isLessThanOrEqualTo(CellLog.MAX_BYTES);
        assertThat(directory.resolve("cell.log.1")).exists();
    }
}
