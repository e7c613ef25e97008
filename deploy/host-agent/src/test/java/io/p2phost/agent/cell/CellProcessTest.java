package io.p2phost.agent.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.agent.Time;
import io.p2phost.agent.serving.Cells.Cell;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells as real processes; the map-server is a shell script. */
class CellProcessTest {
    private static final MapName MAP = MapName.of("prt_fild08");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String WAITS = "while :; do sleep 0.2; done";

    @TempDir
    Path directory;

    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void kill() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /** An agent's part that runs one cell, in a process of its own. Arguments: bundle, folder, how it is confined. */
    public static final class Runner {
        private Runner() {}

        public static void main(String[] args) throws Exception {
            try (ScratchSql sql = ScratchSql.open(1)) {
                Path folder = CellHouse.makeFolder(Path.of(args[1]));
                Confinement confinement = args[2].equals("found")
                        ? Confinement.detect(Confinement.forReal(), OptionalInt.empty(), 2, folder)
                        : new Confinement(false, false, false, 100, false, false);
                CellHouse.open(
                                BundleSupply.fixed(Bundle.read(Path.of(args[0]))),
                                folder,
                                confinement,
                                sql,
                                Time.system())
                        .start(MAP, "127.0.0.1:6999", () -> {});
                Thread.sleep(Duration.ofMinutes(2));
            }
        }
    }

    private Path cells() {
        return directory.resolve("cells");
    }

    private Process agent(String mapServer, String confinement) throws Exception {
        Process agent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Runner.class.getName(),
                        TestBundle.write(directory.resolve("bundle"), mapServer).toString(),
                        cells().toString(),
                        confinement)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("agent.log").toFile())
                .start();
        started.add(agent.toHandle());
        return agent;
    }

    private ProcessHandle cell() {
        Path file = cells().resolve("prt_fild08.pid");
        await().atMost(PATIENCE).until(() -> Files.exists(file));
        try {
            ProcessHandle cell = ProcessHandle.of(
                            Long.parseLong(Files.readString(file).split(" ")[0]))
                    .orElseThrow();
            started.add(cell);
            return cell;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void cellDiesWithAnAgentThatIsKilled() throws Exception {
        Process agent = agent(WAITS, "found");
        ProcessHandle cell = cell();
        agent.destroyForcibly().waitFor();
        await().atMost(PATIENCE).until(() -> !cell.isAlive());
    }

    /** A terminal's Ctrl-C goes to every process of the session's group in front. */
    @Test
    void ctrlCForTheAgentDoesNotReachItsCells() throws Exception {
        Process agent = agent(WAITS, "found");
        ProcessHandle cell = cell();
        assertThat(sessionOf(cell.pid())).isPositive().isNotEqualTo(sessionOf(agent.pid()));
    }

    private static long sessionOf(long process) throws IOException {
        // Behind the name, which may have blanks: state, parent, group, session.
        String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
    }

    @Test
    void cellThatWasLeftIsKilledByTheNextAgentFirst() throws Exception {
        Process agent = agent(WAITS, "not");
        ProcessHandle cell = cell();
        agent.destroyForcibly().waitFor();
        assertThat(cell.isAlive()).isTrue();
        assertThat(new PidFiles(cells()).killLeft()).isOne();
        await().atMost(PATIENCE).until(() -> !cell.isAlive());
        assertThat(cells().resolve("prt_fild08.pid")).doesNotExist();
    }

    @Test
    void processThatOnlyHasTheNumberOfACellIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        started.add(other.toHandle());
        PidFiles files = new PidFiles(Files.createDirectories(cells()));
        files.write("prt_fild08", other.pid());
        Path file = cells().resolve("prt_fild08.pid");
        Files.writeString(file, Files.readString(file) + "1");
        assertThat(files.killLeft()).isZero();
        assertThat(other.isAlive()).isTrue();
    }

    @Test
    void killedCellIsGoneAtOnceAndACrashTellsItsLastWords() throws Exception {
        try (CellHouse house = new CellHouse(
                BundleSupply.fixed(Bundle.read(TestBundle.write(
                        directory.resolve("bundle"),
                        "[ -e log/again ] || { touch log/again; " + WAITS + "; }\n"
                                + "echo '[Error]: out of luck'; exit 3"))),
                CellHouse.makeFolder(cells()),
                Confinement.detect(Confinement.forReal(), OptionalInt.empty(), 2, directory),
                new CellHouse.Database(1, "x"),
                new OsLauncher(),
                Time.system(),
                Duration.ofSeconds(20))) {
            Cell first = house.start(MAP, "127.0.0.1:6999", () -> {});
            ProcessHandle process = cell();
            await().atMost(PATIENCE).until(() -> Files.exists(cells().resolve("prt_fild08/log/again")));
            first.stop(true);
            await().atMost(Duration.ofSeconds(2)).until(() -> !process.isAlive());
            Cell second = house.start(MAP, "127.0.0.1:6999", () -> {});
            await().atMost(PATIENCE).until(() -> second.end().isPresent());
            assertThat(second.end()).contains("the map-server ended, exit code 3: [Error]: out of luck");
        }
    }
}
