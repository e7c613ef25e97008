package io.p2phost.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.HomeLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process of its own: signals, exit codes, what a kill leaves. */
class HostAgentProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final FakeGateway gateway = new FakeGateway();
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        gateway.close();
    }

    private Process agent(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HostAgentMain.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        processes.add(process);
        return process;
    }

    private Path log() {
        return directory.resolve("agent.log");
    }

    private Path home() {
        return directory.resolve("home");
    }

    private Process enrolledAndJoined() throws Exception {
        return enrolledAndJoined(5);
    }

    private Process enrolledAndJoined(int drainSeconds) throws Exception {
        Process enroll = agent(
                "enroll",
                "--home",
                home().toString(),
                "--gateway",
                gateway.uri().toString(),
                "CODE");
        assertThat(enroll.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(enroll.exitValue()).as(Files.readString(log())).isZero();
        return joined(1, drainSeconds);
    }

    private Process joined(int sessions) throws Exception {
        return joined(sessions, 5);
    }

    private Process joined(int sessions, int drainSeconds) throws Exception {
        Process run = agent(
                "run",
                "--home",
                home().toString(),
                "--serve",
                "prt_fild08=127.0.0.1:5121",
                "--drain-seconds",
                Integer.toString(drainSeconds));
        await().atMost(PATIENCE).until(() -> gateway.calls("PUT session").size() == sessions);
        return run;
    }

    @Test
    void askedToStopItSaysGoodbyeAndEndsWithZero() throws Exception {
        Process run = enrolledAndJoined();
        run.destroy();
        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).as(Files.readString(log())).isZero();
        assertThat(gateway.calls("DELETE session")).hasSize(1);
    }

    /** The agent has heard of the map: it was given in the answer before the last one. */
    private Process carryingAMap(int drainSeconds) throws Exception {
        gateway.heartbeatInterval("PT0.2S");
        gateway.desire("prt_fild08:3");
        Process run = enrolledAndJoined(drainSeconds);
        await().atMost(PATIENCE).until(() -> gateway.calls("PUT heartbeat").size() >= 2);
        return run;
    }

    private boolean askedToTakeItsMapsBack() {
        return gateway.calls("PUT heartbeat").getLast().json().path("handsBack").asBoolean();
    }

    @Test
    void askedToStopItStaysUntilItsMapsAreElsewhere() throws Exception {
        Process run = carryingAMap(60);
        run.destroy();
        await().atMost(PATIENCE).until(this::askedToTakeItsMapsBack);
        assertThat(run.waitFor(2, TimeUnit.SECONDS)).as("the map is still here").isFalse();
        assertThat(gateway.calls("DELETE session")).isEmpty();
        gateway.desire();
        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).as(Files.readString(log())).isZero();
        assertThat(gateway.calls("DELETE session")).hasSize(1);
    }

    @Test
    void mapsThatNobodyTakesDoNotHoldItUpBeyondTheDeadline() throws Exception {
        Process run = carryingAMap(1);
        run.destroy();
        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).as(Files.readString(log())).isEqualTo(ExitCode.NOT_HANDED_BACK.code());
        assertThat(gateway.calls("DELETE session")).hasSize(1);
    }

    @Test
    void secondSignalEndsItAtOnce() throws Exception {
        Process run = carryingAMap(600);
        run.destroy();
        await().atMost(PATIENCE).until(this::askedToTakeItsMapsBack);
        run.destroy();
        assertThat(run.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).as(Files.readString(log())).isEqualTo(ExitCode.NOT_HANDED_BACK.code());
        assertThat(gateway.calls("DELETE session")).hasSize(1);
    }

    @Test
    void stopEndsEvenWhenTheGatewayIsGone() throws Exception {
        Process run = enrolledAndJoined();
        gateway.close();
        run.destroy();
        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void killedAgentLeavesAHomeThatTheNextOneCanUse() throws Exception {
        Process run = enrolledAndJoined();
        assertThat(HomeLock.isTaken(new AgentHome(home()))).isTrue();
        Process second = agent("run", "--home", home().toString(), "--serve", "prt_fild08=127.0.0.1:5121");
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(ExitCode.HOME.code());

        run.destroyForcibly();
        assertThat(run.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(HomeLock.isTaken(new AgentHome(home()))).isFalse();
        joined(2);
    }

    @Test
    void refusalIsPrintedPlainlyAndIsTheExitCode() throws Exception {
        gateway.answer("PUT session", 403, FakeGateway.problem("blacklisted", 403, "three failed validations"));
        Process run = enrolledAndJoined();
        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(ExitCode.BLACKLISTED.code());
        assertThat(Files.readString(log()))
                .contains("this host is banned: title: three failed validations")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
    }
}
