package io.p2phost.dbproxy.sessions;

import static io.p2phost.dbproxy.sessions.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.ServiceName;
import io.p2phost.dbproxy.DbProxyApplication;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The service's own connections to a PostgreSQL that is killed and comes back. */
class SessionOutageIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void whatIsKeptWhilePostgresIsDeadArrivesWhenItIsBack() throws Exception {
        try (KillablePostgres postgres = new KillablePostgres(folder);
                TestTokens tokens = new TestTokens();
                ExecutorService loop = Executors.newSingleThreadExecutor();
                TestService service = service(postgres, tokens)) {
            SessionStore store = service.context().getBean(SessionStore.class);
            byte[] secret = store.secret();
            assertThat(store.takeOver().sessions()).isEmpty();
            try (SessionWriter writer = new SessionWriter(
                    store,
                    loop,
                    service.context().getBean(SessionProperties.class).settings(),
                    InstantSource.system(),
                    service.context().getBean(MeterRegistry.class))) {
                writer.start(0);
                keep(writer, loop, row(1, 1), row(2, 1), row(3, 1));
                await().atMost(LONG).until(() -> writer.pending() == 0 && stored(postgres) == 3);

                postgres.kill();
                keep(writer, loop, row(1, 2), row(4, 1));
                loop.submit(() -> writer.forget(3, 1)).get();
                await().atMost(LONG).until(() -> writer.state().contains("3 players wait"));

                postgres.restart();
                await().atMost(LONG).until(() -> writer.pending() == 0 && stored(postgres) == 3);
                await().atMost(LONG).until(() -> writer.state().equals("UP"));
                assertThat(store.secret()).isEqualTo(secret);
                assertThat(store.takeOver().sessions())
                        .extracting(SessionRow::account, SessionRow::number)
                        .containsExactly(tuple(1, 2L), tuple(2, 1L), tuple(4, 1L));
            }
        }
    }

    @Test
    void filesOfABackupUnderARunningServiceAreNoticedAndWhatTheirJournalHasIsNotReplayed() throws Exception {
        try (KillablePostgres postgres = new KillablePostgres(folder);
                TestTokens tokens = new TestTokens();
                ExecutorService loop = Executors.newSingleThreadExecutor();
                TestService service = service(postgres, tokens)) {
            SessionStore store = service.context().getBean(SessionStore.class);
            store.secret();
            store.takeOver();
            try (SessionWriter writer = new SessionWriter(
                    store,
                    loop,
                    service.context().getBean(SessionProperties.class).settings(),
                    InstantSource.system(),
                    service.context().getBean(MeterRegistry.class))) {
                writer.start(0);
                SavedGroup overtaken = new SavedGroup(1, 9, new byte[] {1});
                loop.submit(() -> writer.append(overtaken, () -> {}, () -> {})).get();
                await().atMost(LONG).until(() -> rows(postgres, "save_journal") == 1);
                postgres.stop();
                copy(folder.resolve("data"), folder.resolve("backup"));

                postgres.restart();
                loop.submit(() -> writer.applied(9)).get();
                keep(writer, loop, row(2, 1));
                await().atMost(LONG).until(() -> rows(postgres, "save_journal") == 0 && stored(postgres) == 1);
                postgres.stop();

                FileSystemUtils.deleteRecursively(folder.resolve("data"));
                copy(folder.resolve("backup"), folder.resolve("data"));
                postgres.restart();
                assertThat(rows(postgres, "save_journal")).isEqualTo(1);
                keep(writer, loop, row(3, 1));
                await().atMost(LONG).until(() -> stored(postgres) == 1 && rows(postgres, "save_journal") == 0);
                assertThat(rows(postgres, "save_journal_aside")).isEqualTo(1);
                assertThat(store.takeOver().journal()).isEmpty();
            }
        }
    }

    /** Of a server that does not run. */
    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        // With everything that PostgreSQL looks at: modes, and links.
        Process copy = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                .inheritIO()
                .start();
        assertThat(copy.waitFor()).isZero();
    }

    /** Keeps rows on the loop; play is not held up for longer than patience and a connection's time-out. */
    private static void keep(SessionWriter writer, ExecutorService loop, SessionRow... rows) throws Exception {
        CountDownLatch done = new CountDownLatch(rows.length);
        for (SessionRow row : rows) {
            loop.submit(() -> writer.keep(row, done::countDown)).get();
        }
        await().atMost(LONG).until(() -> {
            loop.submit(writer::tick).get();
            return done.await(0, TimeUnit.SECONDS);
        });
    }

    private static TestService service(KillablePostgres postgres, TestTokens tokens) {
        Map<String, String> settings = new HashMap<>(postgres.settings());
        settings.put("p2p.db-proxy.port", "0");
        settings.put("p2p.db-proxy.vps.port", "0");
        return TestService.start(DbProxyApplication::start, ServiceName.DB_PROXY, tokens, settings);
    }

    private static int stored(KillablePostgres postgres) {
        return rows(postgres, "player_session");
    }

    private static int rows(KillablePostgres postgres, String table) {
        String sql = "select count(*) from " + ServiceName.DB_PROXY.schema() + "." + table;
        try (Connection admin = postgres.connect();
                Statement statement = admin.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            return -1;
        }
    }
}
