package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Json;
import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Ports ports = new Ports();
    private final Endpoint loginServer = ports.free(LOOPBACK);

    @TempDir
    Path work;

    private Programs programs;

    @BeforeEach
    void programs() {
        programs = new Programs(work, work);
    }

    @AfterEach
    void stop() {
        programs.stopAll();
    }

    /** Core is at the char-server itself: there is no db-proxy here. */
    private Programs.StandIn vps() throws IOException {
        Endpoint charServer = ports.free(LOOPBACK);
        return programs.standIn(
                "vps",
                List.of(
                        StandInMain.VPS,
                        "prontera",
                        "prt_fild01,prt_fild02",
                        loginServer.toString(),
                        charServer.toString(),
                        ports.free(LOOPBACK).toString(),
                        ports.free(LOOPBACK).toString(),
                        charServer.toString()));
    }

    private Player inGame(Programs.StandIn vps) {
        Player player = new Player("Anna", vps.ask("create Anna prontera").intValue(), loginServer);
        await().atMost(PATIENCE).until(player::login);
        return player;
    }

    @Test
    void playerPlaysAndWhatHeHasIsStoredWhenHeLeaves() throws Exception {
        Programs.StandIn vps = vps();
        await().atMost(PATIENCE).until(() -> vps.isReady(StandInMain.CORE));
        try (Player anna = inGame(vps)) {
            await().atMost(PATIENCE).until(() -> {
                anna.say("hello");
                return anna.heard("hello");
            });
            assertThat(vps.plays(StandInMain.CORE, anna)).isTrue();
            assertThat(vps.plays(StandInMain.RESERVE, anna)).isFalse();
            assertThat(anna.trouble()).isEmpty();
            assertThat(stored(vps, anna).online()).isTrue();

            anna.quit();

            await().atMost(PATIENCE).until(() -> !stored(vps, anna).online());
            assertThat(stored(vps, anna).inWords())
                    .isEqualTo("level 1, experience 0, 1000 zeny, items {1201=1, 2301=1}");
        }
    }

    private static StandInMain.Stored stored(Programs.StandIn vps, Player player) {
        return Json.mapper().convertValue(vps.ask("character " + player.character()), StandInMain.Stored.class);
    }

    @Test
    void playerWhoIsThrownOutStaysOutAndSaysSo() throws Exception {
        Programs.StandIn vps = vps();
        await().atMost(PATIENCE).until(() -> vps.isReady(StandInMain.CORE));
        try (Player anna = inGame(vps)) {
            Programs.killTree(vps.process());

            await().atMost(PATIENCE).until(() -> anna.trouble().isPresent());
            assertThat(anna.trouble()).contains("Anna is out of the game (reason -1)");
            assertThatThrownBy(() -> Play.check(List.of(anna))).hasMessageContaining("out of the game");
        }
    }

    @Test
    void serversThatAreGoneAreSaidToBe() throws Exception {
        Programs.StandIn vps = vps();
        Programs.killTree(vps.process());
        assertThat(vps.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> vps.isReady(StandInMain.CORE))
                .isInstanceOf(DemoFailure.class)
                .hasMessage("the stand-in servers of vps are gone");
    }

    @Test
    void standInEndsWithTheDemo() throws Exception {
        Programs.StandIn standIn = vps();
        standIn.process().getOutputStream().close();
        assertThat(standIn.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void portIsGivenOnceAndATakenOneIsSeen() throws Exception {
        Programs.StandIn vps = vps();
        assertThat(Ports.isFree(loginServer)).isFalse();
        assertThat(Ports.isFree(ports.free(LOOPBACK))).isTrue();
        assertThat(vps.process().isAlive()).isTrue();
        assertThatThrownBy(() -> ports.free("203.0.113.7")).isInstanceOf(DemoFailure.class);
    }

    @Test
    void leftoversOfAKilledDemoAreEndedButNeverAnotherProcessWithTheSameId() throws Exception {
        Programs.StandIn standIn = vps();
        Path strangers = Files.createDirectory(work.resolve("strangers"));
        Files.writeString(
                strangers.resolve("pids"), ProcessHandle.current().pid() + " 1999-01-01T00:00:00Z\nnonsense\n");
        assertThat(Programs.endLeftovers(strangers)).isZero();
        assertThat(Programs.endLeftovers(work)).isEqualTo(1);
        await().until(() -> !standIn.process().isAlive());
        assertThat(Programs.endLeftovers(work)).isZero();
    }
}
