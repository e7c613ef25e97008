package io.p2phost.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.dbproxy.mux.SavedGroup;
import io.p2phost.dbproxy.mux.SessionRow;
import io.p2phost.dbproxy.sessions.SessionStore;
import io.p2phost.dbproxy.sessions.SessionWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Save groups of players, one after the other, until each is durable: through db-proxy's writer and store, or as single rows
 * of a MariaDB. In a process of its own, which is told {@code flat SECONDS} (each player again as soon as his last save is
 * acknowledged) or {@code paced SECONDS PER_SECOND}, and answers with figures.
 */
final class JournalLoad {
    private static final int PLAYERS = 256;
    /** Each player's groups differ. */
    private static final int VARIANTS = 4;

    private static final int WRITERS_PENDING = 20_000;
    private static final long WRITERS_BYTES = 64L << 20;

    private final List<List<SavedGroup>> groups = new ArrayList<>();
    private final List<SessionRow> sessions = new ArrayList<>();
    private final long bytes;
    /** Let go before they were durable, because that took longer than db-proxy has patience. */
    private final AtomicLong late = new AtomicLong();

    private JournalLoad() throws IOException {
        JournalTraffic traffic = new JournalTraffic();
        long sum = 0;
        for (int number = 0; number < PLAYERS; number++) {
            MemoryPlayer player = traffic.player(number);
            sessions.add(JournalTraffic.session(player));
            List<SavedGroup> his = new ArrayList<>();
            for (int variant = 0; variant < VARIANTS; variant++) {
                his.add(JournalTraffic.journaled(
                        player,
                        JournalTraffic.group(player).stream()
                                .map(JournalTraffic::deflated)
                                .toList()));
                sum += his.getLast().body().length;
            }
            groups.add(his);
        }
        bytes = sum / (PLAYERS * VARIANTS);
    }

    /** What becomes of a group. */
    private interface Answer {
        void said(boolean durable);
    }

    /** Keeps groups. */
    private interface Journal extends AutoCloseable {
        /** Any thread. */
        void save(SavedGroup group, SessionRow session, Answer answer);

        @Override
        void close() throws Exception;
    }

    /** {@code postgresql} or {@code mariadb}, its URL and process, and the connections of the second. */
    public static void main(String[] args) throws Exception {
        JournalLoad load = new JournalLoad();
        List<Long> database = List.of(Long.parseLong(args[2]));
        List<Long> own = List.of(ProcessHandle.current().pid());
        try (Journal journal = args[0].equals("postgresql")
                        ? new Ours(args[1])
                        : new Rows(args[1], Integer.parseInt(args[3]));
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(load.bytes);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                Duration time = Duration.ofSeconds(Long.parseLong(words[1]));
                double ownBefore = ProcessTree.of(own).cpuSeconds();
                double databaseBefore = ProcessTree.of(database).cpuSeconds();
                long began = System.nanoTime();
                Timings timings = words[0].equals("flat")
                        ? load.flat(journal, time)
                        : load.paced(journal, time, Integer.parseInt(words[2]));
                double seconds = (System.nanoTime() - began) / 1e9;
                Timings.Latency latency = timings.latency();
                System.out.printf(
                        Locale.ROOT,
                        "%d %.3f %.3f %.3f %.1f %.1f %.1f %d%n",
                        latency.count(),
                        seconds,
                        ProcessTree.of(own).cpuSeconds() - ownBefore,
                        ProcessTree.of(database).cpuSeconds() - databaseBefore,
                        latency.p50Micros(),
                        latency.p99Micros(),
                        latency.maxMicros(),
                        load.late.getAndSet(0));
            }
        }
    }

    private Timings flat(Journal journal, Duration time) throws InterruptedException {
        Timings timings = new Timings();
        AtomicLong under = new AtomicLong(PLAYERS);
        long end = System.nanoTime() + time.toNanos();
        for (int player = 0; player < PLAYERS; player++) {
            again(journal, player, 0, end, timings, under);
        }
        awaitNone(under);
        return timings;
    }

    private void again(Journal journal, int player, int number, long end, Timings timings, AtomicLong under) {
        long began = System.nanoTime();
        journal.save(groups.get(player).get(number % VARIANTS), sessions.get(player), durable -> {
            note(durable, began, timings);
            if (System.nanoTime() < end) {
                again(journal, player, number + 1, end, timings, under);
            } else {
                end(under);
            }
        });
    }

    /** Timed from when it was due. */
    private Timings paced(Journal journal, Duration time, int perSecond) throws InterruptedException {
        Timings timings = new Timings();
        long count = time.toSeconds() * perSecond;
        AtomicLong under = new AtomicLong(count);
        long first = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = first + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            int player = i % PLAYERS;
            journal.save(groups.get(player).get(i / PLAYERS % VARIANTS), sessions.get(player), durable -> {
                note(durable, due, timings);
                end(under);
            });
        }
        awaitNone(under);
        return timings;
    }

    private void note(boolean durable, long began, Timings timings) {
        if (durable) {
            timings.add(System.nanoTime() - began);
        } else {
            late.incrementAndGet();
        }
    }

    private static void end(AtomicLong under) {
        synchronized (under) {
            under.decrementAndGet();
            under.notifyAll();
        }
    }

    private static void awaitNone(AtomicLong under) throws InterruptedException {
        synchronized (under) {
            while (under.get() > 0) {
                under.wait();
            }
        }
    }

    /**
     * As the multiplexer does it: a group and its player's row in one go; once a second everything that is durable is taken
     * for stored by the char-server, and deleted.
     */
    private static final class Ours implements Journal {
        private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
        private final RealStore real;
        private final SessionWriter writer;
        private final Set<Integer> durable = new HashSet<>();

        Ours(String url) {
            real = new RealStore(url);
            SessionStore store = real.store();
            store.takeOver();
            writer = new SessionWriter(
                    store,
                    loop,
                    new SessionWriter.Settings(Duration.ofMillis(500), WRITERS_PENDING, WRITERS_BYTES),
                    Clock.systemUTC(),
                    new SimpleMeterRegistry());
            writer.start(0);
            loop.scheduleAtFixedRate(writer::tick, 100, 100, TimeUnit.MILLISECONDS);
            loop.scheduleAtFixedRate(this::applied, 1, 1, TimeUnit.SECONDS);
        }

        private void applied() {
            durable.forEach(writer::applied);
            durable.clear();
        }

        @Override
        public void save(SavedGroup group, SessionRow session, Answer answer) {
            loop.execute(() -> {
                boolean[] written = new boolean[1];
                writer.append(group, () -> loop.execute(() -> answer.said(written[0])), () -> {
                    durable.add(group.character());
                    written[0] = true;
                });
                writer.keep(session, () -> {});
            });
        }

        @Override
        public void close() {
            writer.close();
            loop.shutdownNow();
            real.close();
        }
    }

    /** One row and one commit for a group, on some connections. */
    private static final class Rows implements Journal {
        private final BlockingQueue<Row> queue = new LinkedBlockingQueue<>();
        private final List<Connection> connections = new ArrayList<>();
        private final AtomicLong sequence = new AtomicLong();

        private record Row(SavedGroup group, Answer answer) {}

        Rows(String url, int count) throws SQLException {
            for (int i = 0; i < count; i++) {
                connections.add(DriverManager.getConnection(url));
            }
            try (Statement sql = connections.getFirst().createStatement()) {
                sql.execute("create or replace table save_journal (sequence bigint not null primary key,"
                        + " account_id int not null, character_id int not null, body mediumblob not null,"
                        + " written_at timestamp not null default now()) engine=InnoDB");
            }
            for (Connection connection : connections) {
                Thread.ofPlatform().daemon().name("connection").start(() -> write(connection));
            }
        }

        private void write(Connection connection) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into save_journal (sequence, account_id, character_id, body) values (?, ?, ?, ?)")) {
                while (true) {
                    Row row = queue.take();
                    insert.setLong(1, sequence.incrementAndGet());
                    insert.setInt(2, row.group.account());
                    insert.setInt(3, row.group.character());
                    insert.setBytes(4, row.group.body());
                    insert.executeUpdate();
                    row.answer.said(true);
                }
            } catch (SQLException e) {
                throw new IllegalStateException("MariaDB took no row", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void save(SavedGroup group, SessionRow session, Answer answer) {
            queue.add(new Row(group, answer));
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }
}
