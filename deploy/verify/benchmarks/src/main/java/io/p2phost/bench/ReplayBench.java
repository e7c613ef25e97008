package io.p2phost.bench;

import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimCharServerTcp;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A journal of 100,000 save groups, and a char-server that is back: db-proxy starts, reads it, merges it, replays it, reads it
 * back and announces its maps. Beside it a plain log: the same groups in a file, each sent in order to a char-server like
 * that, and nothing read back.
 */
final class ReplayBench implements Bench {
    private static final int ENTRIES = 100_000;
    private static final int GOAL_SECONDS = 10;
    private static final Duration CHAR_SERVER = Duration.ofSeconds(2);
    private static final String RIVAL = "a log replayed in order";
    /** As the simulated database counts, and the load. */
    private static final int FIRST_CHARACTER = 150_000;

    private final int players;

    ReplayBench(int players) {
        this.players = players;
    }

    private record Measured(int round, boolean ours, double seconds, Map<String, Object> more)
            implements Rounds.Measured {
        @Override
        public Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", ours ? "ours" : "rival");
            figures.put("seconds", seconds);
            figures.putAll(more);
            return figures;
        }
    }

    @Override
    public String name() {
        return "dbproxy-replay";
    }

    @Override
    public String what() {
        return "100,000 save groups replayed after the char-server's return, beside " + RIVAL;
    }

    @Override
    public int usualRounds() {
        return 3;
    }

    @Override
    public Bench sized(Map<String, Integer> sizes) {
        if (!Set.of("players").containsAll(sizes.keySet())) {
            throw new IllegalArgumentException(name() + " has players (expected: --players N or nothing)");
        }
        return new ReplayBench(sizes.getOrDefault("players", players));
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        List<Measured> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            all.add(ours(dist, round));
            all.add(rival(dist, round));
        }
        Outcome outcome = new Rounds<>(RIVAL, rounds, all).outcome(name(), Measured::seconds, "s");
        System.out.printf(
                Locale.ROOT,
                "%.1f s for %d groups of %d players (goal: at most %d): %s%n",
                outcome.ours(),
                ENTRIES,
                players,
                GOAL_SECONDS,
                outcome.ours() <= GOAL_SECONDS ? "reached" : "missed");
        return outcome;
    }

    private Measured ours(Path dist, int round) throws Exception {
        try (Postgresql database = new Postgresql(dist);
                CharServer charServer = new CharServer()) {
            String bytes = process(dist, "fill", database.url(), ENTRIES, players);
            String[] said =
                    process(dist, "engine", database.url(), charServer.port()).split(" ");
            charServer.check();
            double loaded = Double.parseDouble(said[0]);
            double announced = Double.parseDouble(said[1]);
            double empty = Double.parseDouble(said[2]);
            System.out.printf(
                    Locale.ROOT,
                    "round %d  ours   %.0f MB journaled: read after %.2f s (%s CPU s), all stored and maps announced after %.2f s,"
                            + " journal empty after %.2f s; heap of %s MB%n",
                    round,
                    Double.parseDouble(bytes) / 1e6,
                    loaded,
                    said[4],
                    announced,
                    empty,
                    said[3]);
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("journalBytes", Long.parseLong(bytes));
            more.put("readSeconds", loaded);
            more.put("emptySeconds", empty);
            more.put("readCpuSeconds", Double.parseDouble(said[4]));
            more.put("heapMegabytes", Integer.parseInt(said[3]));
            return new Measured(round, true, announced, more);
        }
    }

    private Measured rival(Path dist, int round) throws Exception {
        Path file = Files.createTempFile("p2p-bench-", ".log");
        try (CharServer charServer = new CharServer()) {
            process(dist, "write", file, ENTRIES, players);
            double seconds = Double.parseDouble(process(dist, "log", file, charServer.port(), players));
            charServer.check();
            System.out.printf(Locale.ROOT, "round %d  rival  %.2f s%n", round, seconds);
            return new Measured(round, false, seconds, Map.of());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String process(Path dist, Object... words) throws IOException {
        String[] arguments = List.of(words).stream().map(Object::toString).toArray(String[]::new);
        try (ServiceJvm process = ServiceJvm.start(dist, ReplayServer.class, arguments)) {
            return process.hear();
        }
    }

    /** A simulated one that has all characters. */
    private final class CharServer implements AutoCloseable {
        private final SimDatabase database = new SimDatabase();
        private final SimCharServerTcp tcp;

        CharServer() throws IOException, InterruptedException {
            for (int player = 0; player < players; player++) {
                database.createCharacter(
                        MemoryPlayer.account(FIRST_CHARACTER + player),
                        "Player " + player,
                        0,
                        0,
                        new Point("prontera", 150, 150));
            }
            Endpoint login = new Endpoint(Endpoint.address("127.0.0.1"), 0);
            Endpoint here = new Endpoint(Endpoint.address("127.0.0.1"), Haproxy.freePort());
            tcp = new SimCharServerTcp(
                    CharServerSettings.stock(PassLoad.USER, PassLoad.PASSWORD, here)
                            .withoutFloodLimit(),
                    database,
                    new SimLoginServer(Clock.systemUTC(), 1),
                    login,
                    SimCharServerTcp.STOCK_BACKLOG);
            // It accepts and closes until it is logged in itself.
            Thread.sleep(CHAR_SERVER);
        }

        int port() {
            return tcp.charEndpoint().port();
        }

        /** Throws unless it has of everybody what was newest. */
        void check() throws IOException {
            for (int player = 0; player < players; player++) {
                int number = player;
                long expected = ReplayServer.experience(ENTRIES, players, player);
                long found = tcp.ask(any ->
                        database.status(database.characterIds().get(number)).baseExp());
                if (found != expected) {
                    throw new IOException(
                            "player " + player + ": experience " + found + " (expected: " + expected + ")");
                }
            }
        }

        @Override
        public void close() {
            tcp.close();
        }
    }
}
