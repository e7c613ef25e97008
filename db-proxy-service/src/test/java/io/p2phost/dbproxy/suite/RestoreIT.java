package io.p2phost.dbproxy.suite;

import static io.p2phost.dbproxy.suite.TcpSuite.FIELD;
import static io.p2phost.dbproxy.suite.TcpSuite.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.sessions.Dump;
import io.p2phost.dbproxy.suite.TcpSuite.Hosted;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimClientTcp;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** db-proxy's PostgreSQL comes back as it was, while the game's database has gone on. */
class RestoreIT {
    private TcpSuite suite;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        suite = TcpSuite.start(folder);
    }

    @AfterEach
    void stop() throws Exception {
        suite.close();
    }

    @Test
    void whoWasBeingSavedDuringTheBackupKeepsWhatHeHasGainedSince() throws Exception {
        Hosted host = suite.owner(FIELD, false);
        SimClientTcp alice = suite.player("alice", new Point(FIELD, 193, 92));
        until("alice on her host", () -> host.plays(alice));
        int character = alice.ask(SimClient::charId);
        int account = alice.ask(SimClient::accountId);

        // The moment of the backup: her save is in the journal, because the char-server has not taken it yet.
        suite.killCharServer();
        save(host, account);
        until("journaled", () -> count("select count(*) from save_journal") > 0);
        Dump lastNight;
        try (Connection database = suite.databaseOfDbProxy()) {
            lastNight = Dump.of(database);
        }
        suite.startCharServer();
        suite.awaitVps();
        until("stored", () -> count("select count(*) from save_journal") == 0);

        // The day after: she plays on, as the game's database shows, and quits.
        kill(alice);
        save(host, account);
        long gained = alice.ask(SimClient::baseExp);
        until("saved", () -> experience(character) == gained);
        alice.tell(SimClient::quit);
        until("gone", () -> !suite.stored(database -> database.online(character)));
        alice.close();
        host.kill();
        long epoch = suite.dbProxy.epoch(FIELD);

        suite.dbProxy.kill();
        try (Connection database = suite.databaseOfDbProxy()) {
            lastNight.restore(database);
        }
        suite.dbProxy.start();
        suite.awaitVps();

        assertThat(experience(character)).isEqualTo(gained);
        assertThat(count("select count(*) from save_journal_aside")).isPositive();
        assertThat(suite.dbProxy.metric("p2p_dbproxy_database_restored_total")).isEqualTo(1);
        assertThat(suite.dbProxy.epoch(FIELD)).isGreaterThan(epoch);

        Hosted again = suite.owner(FIELD, false);
        SimClientTcp bob = suite.player("bob", new Point(FIELD, 193, 92));
        until("bob on a host", () -> again.plays(bob));
        assertThat(experience(character)).isEqualTo(gained);
    }

    /** The Poring beside the place where she begins. */
    private static void kill(SimClientTcp client) {
        until("killed", () -> {
            client.tell(each -> each.monsters().entrySet().stream()
                    .filter(monster -> Math.abs(monster.getValue().x() - 195) <= 1)
                    .forEach(monster -> each.attack(monster.getKey())));
            return client.ask(SimClient::baseExp) > 0;
        });
    }

    private static void save(Hosted host, int account) {
        host.server().ask(map -> {
            map.saveNow(account);
            return true;
        });
    }

    private long experience(int character) {
        return suite.stored(database -> database.status(character)).baseExp();
    }

    private long count(String query) throws SQLException {
        try (Connection database = suite.databaseOfDbProxy();
                Statement sql = database.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
