package io.p2phost.bench;

import io.p2phost.contracts.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many players fit into a relay's memory: those who only stand there, and those who play. The whole process is divided
 * among them: what a heap has once touched for few, it has for many, so its growth alone would flatter.
 */
final class RelayIdleBench implements Bench {
    /** Two sockets each, at either process: more than these do not fit into 20,000 open files. */
    private static final int PLAYERS = 8_000;

    /** Come first and play: what is there without many. */
    private static final int FIRST = 400;

    private static final int PER_SECOND = 12_000;
    private static final Duration REST = Duration.ofSeconds(5);
    private static final Duration PLAY = Duration.ofSeconds(15);
    private static final double GIGABYTE_IN_MEGABYTES = 1_024;
    private static final double KIBIBYTES = 1_024;
    private static final String RIVAL = "HAProxy, plain TCP, one thread";

    /** In MB; {@code inside} is ours alone: heap in use after a collection and direct memory, with all players. */
    private record Measured(int round, boolean ours, double first, double idle, double busy, String inside)
            implements Rounds.Measured {
        double idlePerGigabyte() {
            return PLAYERS / idle * GIGABYTE_IN_MEGABYTES;
        }

        double busyPerGigabyte() {
            return PLAYERS / busy * GIGABYTE_IN_MEGABYTES;
        }

        @Override
        public Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", ours ? "ours" : "rival");
            figures.put("firstMegabytes", first);
            figures.put("idleMegabytes", idle);
            figures.put("busyMegabytes", busy);
            figures.put("heapAndDirectMebibytes", inside);
            return figures;
        }
    }

    @Override
    public String name() {
        return "relay-idle";
    }

    @Override
    public String what() {
        return "players per GB of a relay's memory, idle and busy, beside " + RIVAL;
    }

    @Override
    public Outcome run(Path dist, int count) throws Exception {
        Rounds<Measured> rounds = Rounds.besideHaproxy(RIVAL, count, (round, ours) -> measure(round, ours, dist));
        System.out.println(rounds.outcome(name() + "-busy", Measured::busyPerGigabyte, "players-per-gb")
                .line());
        return rounds.outcome(name(), Measured::idlePerGigabyte, "players-per-gb");
    }

    private static Measured measure(int round, boolean ours, Path dist) throws Exception {
        try (RelayEnds ends = new RelayEnds();
                Forwarder forwarder = start(ours, dist, ends.mapServer())) {
            ends.join(forwarder.port(), FIRST);
            ends.steady(PER_SECOND, 5, REST);
            inside(ours, forwarder);
            double first = forwarder.use().memoryMegabytes();
            ends.join(forwarder.port(), PLAYERS - FIRST);
            TimeUnit.NANOSECONDS.sleep(REST.toNanos());
            double idle = forwarder.use().memoryMegabytes();
            ends.steady(PER_SECOND, 5, PLAY);
            double busy = forwarder.use().memoryMegabytes();
            Measured measured = new Measured(round, ours, first, idle, busy, inside(ours, forwarder));
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %-5s  %d players %.1f MB, %d idle %.1f MB (%.1f KB each), busy %.1f MB (%.1f KB each)"
                            + "  heap in use and direct, MB: %s%n",
                    round,
                    ours ? "ours" : "rival",
                    FIRST,
                    first,
                    PLAYERS,
                    idle,
                    idle * KIBIBYTES / PLAYERS,
                    busy,
                    busy * KIBIBYTES / PLAYERS,
                    measured.inside);
            return measured;
        }
    }

    /** After a collection, so that what nobody needs is not counted for those who come next. */
    private static String inside(boolean ours, Forwarder forwarder) throws IOException {
        return ours ? forwarder.ask("memory") : "-";
    }

    private static Forwarder start(boolean ours, Path dist, int mapServer) throws IOException, InterruptedException {
        return ours
                ? Forwarder.ours(
                        dist,
                        ServiceName.RELAY,
                        RelayServer.class,
                        Integer.toString(mapServer),
                        Integer.toString(2 * PLAYERS),
                        "100000",
                        "100000")
                : Haproxy.plain(mapServer, PLAYERS + 100);
    }
}
