package io.p2phost.bench;

import io.p2phost.contracts.Epoch;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.charlink.CellDoor;
import io.p2phost.links.charlink.CharLinkClient;
import io.p2phost.links.charlink.CharLinkClientListener;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The db-proxy that works is killed with -9: how long until the one that stands by serves, which is when of every player a save
 * is at the char-server that was made after the kill. Beside it the same with one instance, which is started again at once. A
 * round is a kill of each kind.
 */
final class TakeoverBench implements Bench {
    private static final int HOSTS = 5;
    private static final int PLAYERS = 2;
    private static final Duration LONG = Duration.ofSeconds(60);
    /** A link that was there for so long connects again at once. */
    private static final Duration STEADY = Duration.ofSeconds(6);

    private static final int GOAL_SECONDS = 5;
    private static final String RIVAL = "one instance, started again at once";

    private record Measured(int round, boolean ours, double turn, double links, double seconds)
            implements Rounds.Measured {
        @Override
        public Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("contender", ours ? "ours" : "rival");
            figures.put("worksSeconds", turn);
            figures.put("linksSeconds", links);
            figures.put("savedSeconds", seconds);
            return figures;
        }
    }

    @Override
    public String name() {
        return "dbproxy-takeover";
    }

    @Override
    public String what() {
        return "db-proxy is killed, once a round: time until saves go through at the one that stands by, beside "
                + RIVAL;
    }

    @Override
    public int usualRounds() {
        return 10;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        if (!Haproxy.isThere()) {
            throw new IOException(
                    "HAProxy is not installed (Debian: haproxy): it leads hosts to the instance that works");
        }
        MemoryTraffic traffic = MemoryTraffic.recorded();
        Map<Integer, MemoryPlayer> players = new HashMap<>();
        List<List<MemoryPlayer>> hosts = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            List<MemoryPlayer> here = new ArrayList<>();
            for (int i = 0; i < PLAYERS; i++) {
                here.add(new MemoryPlayer(host * PLAYERS + i, Hosting.map(host), traffic));
            }
            here.forEach(player -> players.put(player.account(), player));
            hosts.add(here);
        }
        List<Measured> all = new ArrayList<>();
        try (TakeoverCharServer charServer = new TakeoverCharServer(traffic, players);
                TakeoverPair pair = new TakeoverPair(dist, charServer.port(), HOSTS);
                Hosts load = new Hosts(pair, hosts)) {
            load.awaitPlaying();
            load.await(charServer, players.keySet(), System.nanoTime());
            TakeoverPair.Instance works = pair.first();
            TakeoverPair.Instance standsBy = pair.second();
            for (int round = 1; round <= rounds; round++) {
                all.add(kill(round, true, works, standsBy, load, charServer, players.keySet()));
                works.start();
                works.awaitAnswer();
                TakeoverPair.Instance was = works;
                works = standsBy;
                standsBy = was;
                standsBy.kill();
                all.add(kill(round, false, works, works, load, charServer, players.keySet()));
                standsBy.start();
                standsBy.awaitAnswer();
            }
        }
        Rounds<Measured> measured = new Rounds<>(RIVAL, rounds, all);
        System.out.println(
                measured.outcome(name() + "-works", Measured::turn, "s").line());
        System.out.println(
                measured.outcome(name() + "-links", Measured::links, "s").line());
        Outcome outcome = measured.outcome(name(), Measured::seconds, "s");
        double most = all.stream()
                .filter(Measured::ours)
                .mapToDouble(Measured::seconds)
                .max()
                .orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "%.2f s, %.2f at most (goal: at most %d): %s%n",
                outcome.ours(),
                most,
                GOAL_SECONDS,
                most <= GOAL_SECONDS ? "reached" : "missed");
        return outcome;
    }

    private static Measured kill(
            int round,
            boolean ours,
            TakeoverPair.Instance works,
            TakeoverPair.Instance next,
            Hosts load,
            TakeoverCharServer charServer,
            Set<Integer> players)
            throws IOException, InterruptedException {
        load.await(charServer, players, System.nanoTime());
        TimeUnit.NANOSECONDS.sleep(STEADY.toNanos());
        long killed = System.nanoTime();
        works.kill();
        if (!ours) {
            next.start();
        }
        TakeoverPair.await("the next db-proxy", LONG, next::works);
        double turn = seconds(killed, System.nanoTime());
        double saved = seconds(killed, load.await(charServer, players, killed));
        double links = seconds(killed, load.linkedAt());
        System.out.printf(
                Locale.ROOT,
                "round %d  %-5s  works after %5.2f, all char links back after %5.2f, of every player a save after %5.2f s%n",
                round,
                ours ? "ours" : "rival",
                turn,
                links,
                saved);
        return new Measured(round, ours, turn, links, saved);
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    /** Hosts with their char links and cells. */
    private static final class Hosts implements AutoCloseable {
        private final LinkTransport transport = LinkTransport.start("hosts", 2);
        private final List<AutoCloseable> open = new ArrayList<>();
        private final List<TakeoverCell> cells = new ArrayList<>();
        private final List<Link> links = new ArrayList<>();

        Hosts(TakeoverPair pair, List<List<MemoryPlayer>> players) throws IOException, InterruptedException {
            for (int host = 0; host < players.size(); host++) {
                pair.own(host);
                CellDoor door = CellDoor.open(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Link listener = new Link();
                CharLinkClient link = new CharLinkClient(
                        CharLinkClient.Options.of(pair.links(), Hosting.hello(host)),
                        door,
                        RotatingTls.connecting(pair.standIn().authority.host(Hosting.host(host))),
                        transport,
                        listener,
                        LinkMetrics.NONE);
                link.start();
                TakeoverCell cell = new TakeoverCell(host, door.address(), players.get(host), pair::enter);
                links.add(listener);
                cells.add(cell);
                open.addAll(List.of(cell, link, door));
            }
        }

        void awaitPlaying() throws IOException, InterruptedException {
            for (TakeoverCell cell : cells) {
                TakeoverPair.await("players", LONG, cell::isPlaying);
            }
        }

        /** Until of each a save has come that was sent after that; gives when. */
        long await(TakeoverCharServer charServer, Set<Integer> players, long after)
                throws IOException, InterruptedException {
            Set<Integer> missing = new HashSet<>(players);
            TakeoverPair.await("saves", LONG, () -> {
                for (TakeoverCell cell : cells) {
                    cell.isPlaying();
                    for (TakeoverCharServer.Save save : cell.savedAfter(after)) {
                        if (missing.contains(save.account()) && charServer.has(save)) {
                            missing.remove(save.account());
                        }
                    }
                }
                return missing.isEmpty();
            });
            return System.nanoTime();
        }

        /** When the last of the links came back. */
        long linkedAt() {
            return links.stream().mapToLong(link -> link.accepted).max().orElseThrow();
        }

        @Override
        public void close() throws Exception {
            for (AutoCloseable each : open) {
                each.close();
            }
            transport.close();
        }
    }

    private static final class Link implements CharLinkClientListener {
        private volatile long accepted;

        @Override
        public void accepted() {
            accepted = System.nanoTime();
        }

        @Override
        public void refused(RefusalReason reason, Epoch currentEpoch, String detail) {
            if (!reason.retryable()) {
                System.out.println("a char link was refused: " + reason + " " + detail);
            }
        }

        @Override
        public void fenced(Epoch currentEpoch) {
            System.out.println("a char link was fenced");
        }
    }
}
