package io.p2phost.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What befalls players' machines, with the packaged agent against the packaged suite. */
@Tag("deep")
class AgentFaultsIT {
    private static final String MAP = "p2p_test";

    /** From Debian's package faketime. */
    private static final Path FAKE_TIME = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

    /** Longer than the lease of 15 s and than what comes after it. */
    private static final Duration ASLEEP = Duration.ofSeconds(25);

    @TempDir
    static Path folder;

    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = Suite.up(folder.resolve("suite"));
        String load = suite.get("config/host_node.conf").text();
        put("p2p_map_config.conf", "cpu_min_ghz: 0.1\ncpu_min_cores: 1\nram_min_gb: 1\nnetwork_min_mbps: 0\n");
        // The suite and its host share this machine.
        put("host_node.conf", load.replaceAll("(?m)^(\\s*cpu_limit:).*$", "$1 100"));
        suite.call("PUT", "vps/reserve", suite.adminKey(), "{\"host\":\"127.0.0.1\",\"port\":6,\"role\":\"RESERVE\"}");
    }

    @AfterAll
    static void stop() throws Exception {
        suite.close();
    }

    @Test
    void machineThatSleptStopsItsMapServersBeforeItIsAHostAgain() throws Exception {
        try (LentMachine machine = new LentMachine(suite, folder.resolve("sleeper"), MAP)) {
            long epoch = served(machine, 0);
            ProcessHandle cell = machine.cell().orElseThrow();
            List<ProcessHandle> asleep = Stream.concat(
                            Stream.of(machine.agent().toHandle()),
                            machine.agent().descendants())
                    .toList();
            for (ProcessHandle process : asleep) {
                Suite.signal("STOP", process);
            }
            await().atMost(ASLEEP).until(() -> machine.state().equals("OFFLINE"));
            patiently().until(() -> suite.get("maps/" + MAP).text().contains("\"reserve\""));
            for (ProcessHandle process : asleep) {
                Suite.signal("CONT", process);
            }

            assertThat(served(machine, epoch)).isGreaterThan(epoch);
            assertThat(cell.isAlive()).isFalse();
            String log = Files.readString(machine.log());
            assertThat(log.indexOf("stood still")).isBetween(0, log.lastIndexOf("joined: "));
        }
    }

    /** Wherever it was in its start: what is left of it disturbs the next one as little as its file of the past. */
    @Test
    void agentThatIsKilledAnywhereInItsStartServesWithTheNext() throws Exception {
        try (LentMachine machine = new LentMachine(suite, folder.resolve("killed"), MAP)) {
            long begun = System.nanoTime();
            served(machine, 0);
            long whole = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            for (int part = 0; part <= 16; part++) {
                machine.killed(Duration.ofMillis(part == 0 ? 0 : whole * part / 16), Map.of());
            }

            served(machine, 0);
            patiently().until(() -> machine.cell().isPresent());
            ProcessHandle cell = machine.cell().orElseThrow();
            assertThat(machine.agent().descendants()).contains(cell);
            assertThat(ProcessHandle.allProcesses()
                            .filter(process -> process.info()
                                    .commandLine()
                                    .filter(line -> line.contains(folder.resolve("killed")
                                            .resolve("cells")
                                            .toString()))
                                    .isPresent())
                            .filter(process -> !under(machine.agent().toHandle(), process)))
                    .as("map-servers of killed agents")
                    .isEmpty();
        }
    }

    private static boolean under(ProcessHandle parent, ProcessHandle process) {
        return parent.descendants().anyMatch(process::equals);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+7h", "-7h"})
    void machineWhoseClockIsWrongByHoursServes(String wrong) throws Exception {
        assertThat(FAKE_TIME).as("of the package faketime").exists();
        try (LentMachine machine = new LentMachine(suite, folder.resolve("clock" + wrong), MAP)) {
            machine.killed(
                    Duration.ZERO,
                    Map.of("LD_PRELOAD", FAKE_TIME.toString(), "FAKETIME", wrong, "FAKETIME_DONT_FAKE_MONOTONIC", "1"));

            served(machine, 0);
            assertThat(machine.agent().isAlive()).isTrue();
            assertThat(machine.status().path("startedAt").asString())
                    .as("it believes its clock")
                    .satisfies(text -> assertThat(Duration.between(Instant.parse(text), Instant.now())
                                    .abs())
                            .isGreaterThan(Duration.ofHours(6)));
        }
    }

    /** When players of the map are sent to that machine: the epoch, above that one. */
    private static long served(LentMachine machine, long above) {
        return patiently().until(() -> enter(machine), epoch -> epoch > above);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(3));
    }

    private static long enter(LentMachine machine) throws Exception {
        JsonNode entry = suite.call(
                        "POST",
                        "maps/" + MAP + "/entries",
                        suite.adminKey(),
                        "{\"requestId\":\"" + UUID.randomUUID() + "\",\"accountId\":2000000,\"region\":\"EU\"}")
                .json();
        return entry.path("hostId").asString("").equals(machine.hostId())
                ? entry.path("epoch").asLong(0)
                : 0;
    }

    private static void put(String file, String text) throws Exception {
        Suite.Answer answer = suite.call("PUT", "config/" + file, suite.adminKey(), text, "text/plain");
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
    }
}
