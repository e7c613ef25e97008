package io.p2phost.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.agent.ExitCode;
import io.p2phost.agent.FakeGateway;
import io.p2phost.agent.MutableTime;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HomeLock;
import io.p2phost.agent.home.PauseFile;
import io.p2phost.agent.status.AgentStatus;
import io.p2phost.agent.status.StatusFile;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HostCommandTest {
    @TempDir
    Path directory;

    private final FakeGateway gateway = new FakeGateway();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private int run(String... args) {
        return HostCommand.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private int enroll(String... more) {
        String[] args = new String[6 + more.length];
        System.arraycopy(
                new String[] {
                    "enroll",
                    "--home",
                    directory.toString(),
                    "--gateway",
                    gateway.uri().toString(),
                    "ABC-123"
                },
                0,
                args,
                0,
                6);
        System.arraycopy(more, 0, args, 6, more.length);
        return run(args);
    }

    @Test
    void enrolmentProvesTheKeyAndKeepsTheIdentity() {
        assertThat(enroll("--name", "my pc", "--region", "NA")).isZero();
        assertThat(out.toString()).contains(FakeGateway.HOST);
        FakeGateway.Call call = gateway.calls("POST redeem").getFirst();
        assertThat(call.path()).isEqualTo("/api/v1/enrolments/ABC-123:redeem");
        AgentHome home = new AgentHome(directory);
        assertThat(call.json().path("publicKey").asString())
                .isEqualTo(home.readKey().publicKeyBase64());
        assertThat(call.json().path("proof").asString())
                .isEqualTo(home.readKey().signBase64("ABC-123"));
        assertThat(call.json().path("name").asString()).isEqualTo("my pc");
        assertThat(call.json().path("region").asString()).isEqualTo("NA");
        assertThat(home.readIdentity())
                .isEqualTo(new AgentIdentity(HostId.of(FakeGateway.HOST), gateway.uri(), "my pc", "NA"));
    }

    @Test
    void enrolledHomeIsNeverOverwritten() {
        enroll();
        String key = new AgentHome(directory).readKey().publicKeyBase64();
        assertThat(enroll()).isEqualTo(5);
        assertThat(err.toString()).contains("is enrolled already as " + FakeGateway.HOST);
        assertThat(new AgentHome(directory).readKey().publicKeyBase64()).isEqualTo(key);
        assertThat(gateway.calls("POST redeem")).hasSize(1);
    }

    @Test
    void interruptedEnrolmentIsRepeatedWithTheSameKey() {
        for (int i = 0; i < 3; i++) {
            gateway.answer("POST redeem", 503, FakeGateway.problem("unavailable", 503, "starting"));
        }
        assertThat(enroll()).isEqualTo(7);
        assertThat(enroll()).isZero();
        assertThat(gateway.calls("POST redeem").stream()
                        .map(call -> call.json().path("publicKey").asString())
                        .distinct())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "404, not-found, does not know this enrolment code",
        "410, gone, ask for a new one",
        "400, invalid-value, title: x"
    })
    void refusedCodeIsExplained(int status, String slug, String words) {
        gateway.answer("POST redeem", status, FakeGateway.problem(slug, status, "x"));
        assertThat(enroll()).isEqualTo(6);
        assertThat(err.toString()).contains(words);
        assertThat(new AgentHome(directory).enrolled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://game.example",
                "ftp://127.0.0.1",
                "game.example",
                "http://127.0.0.1.example",
                "https://u@h",
                "http://[::2]"
            })
    void gatewayMustBeHttpsUnlessItIsThisMachine(String url) {
        assertThat(run("enroll", "--home", directory.toString(), "--gateway", url, "CODE"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("expected:");
        assertThat(new AgentHome(directory).enrolled()).isFalse();
    }

    @Test
    void absentGatewayEndsWithItsOwnExitCode() {
        gateway.close();
        assertThat(enroll()).isEqualTo(7);
        assertThat(err.toString()).contains("run the same command again");
    }

    @Test
    void theKeyThatSignsBundlesIsKeptAtEnrolment() throws Exception {
        PublicKey key =
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        gateway.answer(
                "POST redeem",
                201,
                "{\"hostId\":\"" + FakeGateway.HOST + "\",\"bundleKey\":\""
                        + Base64.getEncoder().encodeToString(key.getEncoded()) + "\"}");
        assertThat(enroll()).isZero();
        assertThat(new AgentHome(directory).readBundleKey()).isEqualTo(key);

        // The server has nothing yet: said, with what to do.
        gateway.answer("GET bundle-release", 404, FakeGateway.problem("not-found", 404, "no bundle was released yet"));
        assertThat(run("run", "--home", directory.toString(), "--accept-consent"))
                .isEqualTo(7);
        assertThat(err.toString()).contains("no bundle to run maps from").contains("no bundle was released yet");
    }

    @Test
    void withoutThatKeyNoBundleIsFetched() {
        assertThat(enroll()).isZero();
        assertThat(run("run", "--home", directory.toString(), "--accept-consent"))
                .isEqualTo(5);
        assertThat(err.toString()).contains("bundle.key is missing");
        assertThat(gateway.calls("GET bundle-release")).isEmpty();
    }

    @Test
    void nothingIsFetchedOrRunBeforeItsOwnerHasAgreed() {
        enroll();
        assertThat(run("run", "--home", directory.toString())).isEqualTo(ExitCode.NO_CONSENT.code());
        assertThat(err.toString()).contains("consent: not given yet (expected: ");
        assertThat(gateway.calls("POST token")).isEmpty();
        assertThat(run("consent", "--home", directory.toString())).isZero();
        assertThat(out.toString()).contains("WHAT RUNS", "sandbox: ", "at most 5", "You have not agreed");
        assertThat(run("consent", "--home", directory.toString(), "--accept", "--withdraw"))
                .isEqualTo(2);

        assertThat(run("consent", "--home", directory.toString(), "--accept")).isZero();
        assertThat(run("run", "--home", directory.toString()))
                .as("agreed; the next thing is missing")
                .isEqualTo(5);

        assertThat(run("consent", "--home", directory.toString(), "--withdraw")).isZero();
        assertThat(run("run", "--home", directory.toString())).isEqualTo(ExitCode.NO_CONSENT.code());
    }

    @Test
    void unenrollTellsTheServerShowsAndRemovesEverything() throws Exception {
        enroll();
        Files.createDirectories(directory.resolve("cells/prt_fild08/log"));
        Files.writeString(directory.resolve("cells/prt_fild08/log/cell.log"), "x");
        Path outside = Files.createDirectories(directory.resolveSibling(directory.getFileName() + "-outside"));
        Files.writeString(outside.resolve("mine"), "x");
        Files.createSymbolicLink(directory.resolve("cells/link"), outside);

        assertThat(run("unenroll", "--home", directory.toString()))
                .as("nobody answers")
                .isEqualTo(2);
        assertThat(new AgentHome(directory).enrolled()).isTrue();
        assertThat(run("unenroll", "--home", directory.toString(), "--yes")).isZero();

        assertThat(out.toString()).contains("host.key", "cells", "The server has forgotten this host.");
        assertThat(gateway.calls("DELETE " + FakeGateway.HOST)).hasSize(1);
        assertThat(directory).doesNotExist();
        assertThat(outside.resolve("mine")).exists();
    }

    @Test
    void unenrollLeavesWhatIsNotItsOwnAndNeedsTheServerUnlessTold() throws Exception {
        enroll();
        Files.writeString(directory.resolve("holiday.jpg"), "x");
        gateway.close();
        assertThat(run("unenroll", "--home", directory.toString(), "--yes")).isEqualTo(ExitCode.UNREACHABLE.code());
        assertThat(err.toString()).contains("nothing was removed", "--without-server");
        assertThat(new AgentHome(directory).readKey()).isNotNull();

        assertThat(run("unenroll", "--home", directory.toString(), "--yes", "--without-server"))
                .isZero();
        assertThat(out.toString()).contains("The server was not told", "holiday.jpg");
        assertThat(directory.resolve("holiday.jpg")).exists();
        assertThat(new AgentHome(directory).enrolled()).isFalse();
    }

    @Test
    void aBannedHostMayGoButTheServerKeepsTheBan() {
        enroll();
        gateway.answer("DELETE " + FakeGateway.HOST, 403, FakeGateway.problem("blacklisted", 403, "banned"));
        assertThat(run("unenroll", "--home", directory.toString(), "--yes")).isZero();
        assertThat(out.toString()).contains("banned, and the server keeps that");
        assertThat(directory).doesNotExist();
    }

    @Test
    void whileAnAgentRunsNothingIsRemoved() {
        enroll();
        try (HomeLock lock = HomeLock.take(new AgentHome(directory))) {
            assertThat(run("unenroll", "--home", directory.toString(), "--yes")).isEqualTo(ExitCode.HOME.code());
        }
        assertThat(gateway.calls("DELETE " + FakeGateway.HOST)).isEmpty();
        assertThat(new AgentHome(directory).enrolled()).isTrue();
    }

    @Test
    void runWithoutEnrolmentSaysWhatToDo() {
        assertThat(run("run", "--home", directory.toString(), "--serve", "prontera=127.0.0.1:5121"))
                .isEqualTo(5);
        assertThat(err.toString()).contains("p2p-host enroll");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prontera",
                "prontera=5121",
                "PRONTERA=127.0.0.1:1",
                "a=127.0.0.1:0",
                "a=127.0.0.1:65536",
                "=h:1",
                "a=b c:1"
            })
    void badServeIsAUsageError(String serve) {
        enroll();
        assertThat(run("run", "--home", directory.toString(), "--serve", serve)).isEqualTo(2);
        assertThat(err.toString()).contains("expected:");
    }

    @Test
    void mapNamedTwiceIsAUsageError() {
        enroll();
        assertThat(run("run", "--home", directory.toString(), "--serve", "a=h:1", "--serve", "a=h:2"))
                .isEqualTo(2);
    }

    @Test
    void badCharLinkIsAUsageError() {
        enroll();
        assertThat(run("run", "--home", directory.toString(), "--serve", "a=h:1", "--char-link", "nowhere"))
                .isEqualTo(2);
    }

    @Test
    void secondAgentInTheSameHomeIsRefused() {
        enroll();
        try (HomeLock lock = HomeLock.take(new AgentHome(directory))) {
            assertThat(run("run", "--home", directory.toString(), "--serve", "a=127.0.0.1:5121"))
                    .isEqualTo(5);
            assertThat(err.toString()).contains("in use by another agent");
        }
    }

    @Test
    void weakMachineEndsRunWithExitCodeThree() {
        enroll();
        gateway.answer("PUT session", 422, """
                {"type":"https://p2phost.dev/problems/below-minimum","status":422,"errors":[{"requirement":"ramGb","required":8,"actual":4.1}]}""");
        assertThat(run("run", "--home", directory.toString(), "--serve", "a=127.0.0.1:5121"))
                .isEqualTo(3);
        assertThat(err.toString()).contains("memory: 4.1 GB, at least 8 GB are needed");
    }

    @Test
    void bannedHostEndsRunWithExitCodeFour() {
        enroll();
        gateway.answer("PUT session", 403, FakeGateway.problem("blacklisted", 403, "cheating"));
        assertThat(run("run", "--home", directory.toString(), "--serve", "a=127.0.0.1:5121"))
                .isEqualTo(4);
    }

    @Test
    void pauseAndResumeLeaveTheirWordInTheHome() {
        enroll();
        Path file = new AgentHome(directory).pauseFile();
        assertThat(run("pause", "--home", directory.toString(), "--for", "1d2h30m"))
                .isZero();
        assertThat(out.toString()).contains("paused until ").contains("No agent is running");
        assertThat(new PauseFile(file).until())
                .isBetween(Instant.now().plusSeconds(95_000), Instant.now().plusSeconds(95_410));
        assertThat(run("resume", "--home", directory.toString())).isZero();
        assertThat(file).doesNotExist();
        assertThat(run("resume", "--home", directory.toString())).isZero();
        assertThat(out.toString()).contains("resumed").contains("there was no pause");
        assertThat(run("pause", "--home", directory.toString())).isZero();
        assertThat(new PauseFile(file).until()).isEqualTo(PauseFile.FOR_EVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "0m", "-1h", "366d", "2hours"})
    void aPauseForNoTimeOrTooLongIsRefused(String time) {
        enroll();
        assertThat(run("pause", "--home", directory.toString(), "--for=" + time))
                .isEqualTo(2);
        assertThat(new AgentHome(directory).pauseFile()).doesNotExist();
    }

    @Test
    void statusShowsWhatTheAgentWrote() {
        enroll();
        AgentHome home = new AgentHome(directory);
        Instant now = new MutableTime().instant();
        new StatusFile(home.statusFile())
                .write(new AgentStatus(
                        FakeGateway.HOST,
                        gateway.uri().toString(),
                        4711,
                        now,
                        now,
                        "JOINED",
                        2,
                        false,
                        now,
                        List.of(new AgentStatus.MapLine("prt_fild08", 3, "READY", "", 7)),
                        List.of(new AgentStatus.TunnelLine("relay-1", "127.0.0.1:7443", true, 1.5)),
                        List.of(new AgentStatus.FenceLine("pay_fild01", 2, 5, now, "no disk")),
                        null,
                        null,
                        "was away",
                        now,
                        new AgentStatus.MannersLine("SHED", "you are using the machine", List.of("max_celsius")),
                        "2026-11-23.1, 12 maps",
                        List.of("sandbox: NONE")));
        assertThat(run("status", "--home", directory.toString())).isEqualTo(8);
        assertThat(out.toString()).contains("not running (last seen");
        try (HomeLock lock = HomeLock.take(home)) {
            assertThat(run("status", "--home", directory.toString())).isZero();
            assertThat(out.toString())
                    .contains("JOINED, process 4711")
                    .contains("tier     2")
                    .contains("manners  SHED: you are using the machine")
                    .contains("max_celsius: this machine does not show it")
                    .contains("map      prt_fild08 epoch 3 ready, 7 players")
                    .contains("relay    relay-1 at 127.0.0.1:7443 connected, 1.5 ms")
                    .contains("fenced   pay_fild01 epoch 2 (current 5)")
                    .contains("bundle   2026-11-23.1, 12 maps")
                    .contains("cells    sandbox: NONE")
                    .contains("was away");
            out.getBuffer().setLength(0);
            assertThat(run("status", "--home", directory.toString(), "--json")).isZero();
            assertThat(Json.mapper().readTree(out.toString()).path("running").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void statusBeforeTheFirstRunAndWithATornFileStillAnswers() throws Exception {
        enroll();
        assertThat(run("status", "--home", directory.toString())).isEqualTo(8);
        Files.writeString(new AgentHome(directory).statusFile(), "{\"hostId\":");
        assertThat(run("status", "--home", directory.toString(), "--json")).isEqualTo(8);
        assertThat(out.toString()).contains("\"running\":false");
    }

    @Test
    void doctorTellsRequirementByRequirementWhetherTheMachineMayHost() {
        enroll();
        assertThat(run("doctor", "--home", directory.toString())).isZero();
        assertThat(out.toString())
                .contains("cores")
                .contains("(at least 1)")
                .contains("answers in")
                .contains("up to tier 1");
        gateway.answer(
                "GET requirements",
                200,
                "{\"version\":2,\"maxLatencyMs\":150,\"tiers\":[{\"tier\":1,\"cpuGhz\":0.1,\"cpuCores\":4000,"
                        + "\"ramGb\":0.5,\"networkMbps\":0}]}");
        out.getBuffer().setLength(0);
        assertThat(run("doctor", "--home", directory.toString())).isEqualTo(ExitCode.BELOW_MINIMUM.code());
        assertThat(out.toString())
                .contains("NO      cores")
                .contains("(at least 4000)")
                .contains("may not host");
    }

    @Test
    void doctorSaysWhyTheServerDoesNotAnswer() {
        enroll();
        gateway.close();
        out.getBuffer().setLength(0);
        assertThat(run("doctor", "--home", directory.toString(), "--json")).isEqualTo(ExitCode.UNREACHABLE.code());
        JsonNode report = Json.mapper().readTree(out.toString());
        assertThat(report.path("machine").path("cpuCores").asInt()).isPositive();
        assertThat(report.path("eligible").booleanValue()).isFalse();
        JsonNode server = report.path("findings").get(0);
        assertThat(server.path("verdict").asString()).isEqualTo("NOT_MET");
        assertThat(server.path("found").asString()).contains("cannot be reached");
    }

    @Test
    void unknownOptionsEndWithTheUsageCode() {
        assertThat(run("run", "--nonsense")).isEqualTo(2);
        assertThat(err.toString()).contains("--help");
    }
}
