package io.p2phost.dbproxy.suite;

import static io.p2phost.dbproxy.suite.TcpSuite.FIELD;
import static io.p2phost.dbproxy.suite.TcpSuite.NEXT;
import static io.p2phost.dbproxy.suite.TcpSuite.until;
import static io.p2phost.dbproxy.suite.TcpSuite.walkThrough;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.suite.TcpSuite.Hosted;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimClientTcp;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.testkit.Programs;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two db-proxies behind HAProxy: one stands by and takes over, and nobody in play is thrown out. */
class TakeoverIT {
    private static TcpSuite suite;
    private static int names;

    private Hosted field;
    private Hosted next;
    private SimClientTcp alice;
    private SimClientTcp bob;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Programs.require("haproxy");
        suite = TcpSuite.startPair(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (suite != null) {
            suite.close();
        }
    }

    @BeforeEach
    void play() throws Exception {
        field = suite.owner(FIELD, false);
        next = suite.owner(NEXT, false);
        alice = suite.player("player" + ++names, new Point(FIELD, 193, 100));
        bob = suite.player("player" + ++names, new Point(NEXT, 20, 100));
        until("alice on her host", () -> field.plays(alice));
        until("bob on his host", () -> next.plays(bob));
    }

    @AfterEach
    void leave() throws Exception {
        try {
            assertPlaying(alice);
            assertPlaying(bob);
        } finally {
            alice.close();
            bob.close();
            field.kill();
            next.kill();
            if (!suite.standby.isRunning()) {
                suite.standby.startStandby();
            }
        }
    }

    private static void assertPlaying(SimClientTcp player) {
        assertThat(player.ask(SimClient::faults)).isEmpty();
        assertThat(player.ask(SimClient::playing)).isTrue();
    }

    @Test
    void instanceThatStandsByRefusesEverything() throws Exception {
        assertThat(suite.standby.owners()).isEqualTo(503);
        assertThat(suite.standby.works()).isFalse();
        assertThat(suite.dbProxy.owners()).isEqualTo(200);
    }

    @Test
    void killedInstanceIsTakenOver() throws Exception {
        suite.dbProxy.kill();
        goesOnAtTheStandby();
    }

    @Test
    void instanceThatIsStoppedIsTakenOver() throws Exception {
        suite.dbProxy.stop();
        goesOnAtTheStandby();
    }

    /** It keeps its places at the char-server and its sockets, and has not noticed anything when it goes on. */
    @Test
    void instanceThatHangsIsTakenOverAndEndsWhenItGoesOn() throws Exception {
        suite.dbProxy.signal("STOP");
        goesOnAtTheStandby();
        suite.standby.signal("CONT");
        until("the one before ends", () -> !suite.standby.isRunning());
        assertThat(suite.dbProxy.works()).isTrue();
        walkThrough(alice, 2, field.server());
    }

    @Test
    void instanceThatLosesItsLockAloneWorksOn() throws Exception {
        try (Connection database = suite.databaseOfDbProxy();
                Statement sql = database.createStatement()) {
            terminateLocks(sql);
        }
        until("locked again", () -> suite.dbProxy.works() && !suite.standby.works());
        assertThat(suite.dbProxy.isRunning() && suite.standby.isRunning()).isTrue();
        walkThrough(alice, 197, next.server());
    }

    private static void terminateLocks(Statement sql) throws SQLException {
        sql.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'db-proxy turn' and datname = current_database()");
    }

    private void goesOnAtTheStandby() {
        suite.swap();
        until("taken over", () -> suite.dbProxy.works());
        suite.awaitVps();
        until(
                "hosts",
                () -> field.server().ask(SimMapServer::ready) && next.server().ask(SimMapServer::ready));
        assertPlaying(alice);
        assertPlaying(bob);
        walkThrough(alice, 197, next.server());
        SimClientTcp carol = suite.player("player" + ++names, new Point(FIELD, 100, 100));
        until("a newcomer on the host", () -> field.plays(carol));
        carol.close();
    }
}
