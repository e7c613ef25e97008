package io.p2phost.relay.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.relay.player.Commands.Asker;
import io.p2phost.relay.player.Commands.Trips;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.Players;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommandDeskTest {
    private static final HostId OWN = new HostId("5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11");
    private static final HostId OTHER = new HostId("9e0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d12");
    private static final int ACCOUNT = 2_000_001;
    private static final MapName FIELD = MapName.of("prt_fild08");
    private static final Trips TRIPS = new Trips(5, 4, 40_000_000L, 90_000_000L);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RouteTable routes = new RouteTable();
    private final Hosts hosts = new Hosts();
    private final FakeSuite suite = new FakeSuite();
    private final Waiting executor = new Waiting();
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final RouteTimes times = new RouteTimes(() -> now);
    private final CommandDesk desk;

    CommandDeskTest() {
        routes.listen(times);
        desk = new CommandDesk(new Answers(suite, hosts, routes, times, new Players(() -> 0), 99), executor, meters);
        hosts.update(host(OWN, "Attic", "EU", ACCOUNT, 21.4), 1);
        hosts.update(host(OTHER, "Secret", "ASIA", 7, null), 1);
        routes.offer(new Route(FIELD, Epoch.of(7), Owner.host(OTHER)));
        routes.offer(new Route(MapName.of("pay_fild01"), Epoch.of(3), Owner.host(OWN)));
        routes.offer(new Route(MapName.of("prontera"), Epoch.of(2), Owner.vps("core", "127.0.0.1:5121")));
    }

    private static HostStateChanged host(
            HostId id, String name, String region, long account, @Nullable Double latency) {
        return new HostStateChanged(
                id,
                account,
                name,
                region,
                HostLifeState.READY,
                2,
                3.5,
                8,
                16,
                100,
                5,
                12.4,
                40.0,
                5.0,
                latency,
                0.0,
                null,
                null);
    }

    private static Asker asker(int group, @Nullable HostId at) {
        Owner owner = at == null ? Owner.vps("reserve", "127.0.0.1:1") : Owner.host(at);
        return new Asker(ACCOUNT, group, new Destination(owner, FIELD, Epoch.of(7), 1, 1, 1, 1), TRIPS);
    }

    private List<String> ask(Asker asker, String words) {
        List<String> lines = new ArrayList<>();
        desk.ask(new Immediate(), asker, words, lines::addAll);
        executor.run();
        return lines;
    }

    @Test
    void statusTellsTheSuiteTheOwnMapAndTheOwnHosts() {
        now = now.plusSeconds(600);
        assertThat(ask(asker(0, OTHER), "@p2pstatus"))
                .containsExactly(
                        "The suite is DEGRADED: 2 of 3 hosts ready, 2 maps on hosts, 1 on the server",
                        "Not as it should be: 1 thing",
                        "Your map prt_fild08 is on a player's machine in ASIA, tier 2, for 10 min, epoch 7;"
                                + " it answers in 40 ms.",
                        "Your host Attic is READY, tier 2: 1 map, 0 players through this relay");
        assertThat(ask(asker(0, null), "@p2pstatus"))
                .contains("Your map is on the server's own machine; it answers in 40 ms.");
        assertThat(ask(new Asker(ACCOUNT, 0, null, TRIPS), "@p2pstatus"))
                .contains("Your map has no machine at the moment: you are being moved.");
    }

    @Test
    void staffIsToldWhatIsAmissAndOthersHowMuch() {
        assertThat(ask(asker(99, OTHER), "@p2pstatus")).contains("Not as it should be: relay: tunnels: no certificate");
    }

    @Test
    void listTellsRegionsAndTiersAndNobodysName() {
        List<String> lines = ask(asker(0, OTHER), "@p2plist");
        assertThat(lines)
                .containsExactly(
                        "2 maps are on players' machines.",
                        "pay_fild01: in EU, tier 2, 0 players through this relay",
                        "prt_fild08: in ASIA, tier 2, 0 players through this relay",
                        "ASIA: 1 hosts ready, latency not known at the moment",
                        "EU: 1 hosts ready, 21 ms to the server on average");
        assertThat(String.join("\n", lines))
                .doesNotContain("Secret", OTHER.value().substring(0, 8));
    }

    @Test
    void longListsAreCut() {
        for (int i = 0; i < 40; i++) {
            routes.offer(new Route(MapName.of("map" + i), Epoch.of(1), Owner.host(OTHER)));
        }
        assertThat(ask(asker(0, null), "@p2plist"))
                .hasSize(1 + Answers.MOST_LINES + 1 + 2)
                .contains("... and 27 more");
    }

    @Test
    void metricsTellTheOwnConnectionTheOwnHostsAndTheRegions() {
        assertThat(ask(asker(0, OTHER), "@p2pmetrics"))
                .containsExactly(
                        "From this relay to your map's machine and back: 40 ms, at worst 90 ms;"
                                + " 4 of 5 questions answered.",
                        "Your host Attic: cpu 12%, memory 40%, network 5%, loss 0%, 21 ms;"
                                + " 1 map, 0 players through this relay; score 0.71",
                        "Relays in EU: 2, with 120 players and 14 hosts",
                        "ASIA: 1 hosts ready, latency not known at the moment",
                        "EU: 1 hosts ready, 21 ms to the server on average");
    }

    @Test
    void verdictsAreOfOwnHostsAndForStaffOfAll() {
        assertThat(ask(asker(98, OTHER), "@p2pvalidate"))
                .containsExactly("Your host Attic on pay_fild01: PASSED, strikes: 0");
        assertThat(ask(asker(99, OTHER), "@p2pvalidate"))
                .containsExactly(
                        "5b0c6a52 on pay_fild01: PASSED, strikes: 0",
                        "9e0c6a52 on prt_fild08: FAILED, strikes: 1: SPAWN: too many");
        assertThat(ask(new Asker(5, 0, null, TRIPS), "@p2pvalidate")).containsExactly("You have no host here.");
    }

    @Test
    void whatIsAwayIsNotKnownAtTheMomentAndTheRestIsTold() {
        suite.away = true;
        assertThat(ask(asker(99, OTHER), "@p2pstatus"))
                .contains("The suite's state is not known at the moment.")
                .hasSize(3);
        assertThat(ask(asker(99, OTHER), "@p2pvalidate"))
                .containsExactly("The validator's verdicts are not known at the moment.");
        assertThat(ask(asker(0, OTHER), "@p2pvalidate")).containsExactly("Your host Attic: not known at the moment.");
        assertThat(ask(asker(0, OTHER), "@p2pmetrics"))
                .contains("What relays carry is not known at the moment.")
                .anySatisfy(line -> assertThat(line).endsWith("score not known at the moment"));
    }

    @Test
    void faultIsNoSilence() {
        suite.broken = true;
        assertThat(ask(asker(0, OTHER), "@p2pstatus")).containsExactly(CommandDesk.FAILED);
    }

    @Test
    void unknownCommandIsAnsweredWithTheKnownOnes() {
        assertThat(ask(asker(0, OTHER), "@p2pfly now"))
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).startsWith("@p2pvalidate: "));
        assertThat(ask(asker(0, OTHER), "@P2PVALIDATE please")).hasSize(1);
    }

    @Test
    void linesAreCutAndPlain() {
        suite.finding = "\u00e9".repeat(500);
        assertThat(ask(asker(99, OTHER), "@p2pvalidate").getLast())
                .hasSize(CommandDesk.LONGEST_LINE)
                .endsWith("???...");
    }

    @Test
    void questionsAtOnceAreBounded() {
        List<List<String>> answers = new ArrayList<>();
        for (int i = 0; i <= CommandDesk.MOST_ASKED; i++) {
            desk.ask(new Immediate(), asker(0, OTHER), "@p2pstatus", answers::add);
        }
        assertThat(answers).containsExactly(List.of(CommandDesk.TOO_MANY));
        executor.run();
        assertThat(answers).hasSize(1 + CommandDesk.MOST_ASKED);
        assertThat(ask(asker(0, OTHER), "@p2pstatus")).hasSizeGreaterThan(1);
        assertThat(meters.counter("p2p_relay_commands_total", "command", "too_many")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void olderStateOfAHostIsNoNews() {
        hosts.update(host(OWN, "Cellar", "EU", ACCOUNT, 1.0), 0);
        assertThat(hosts.find(OWN)).map(HostStateChanged::name).contains("Attic");
    }

    /** Other services, all of which answer. */
    private static final class FakeSuite implements Suite {
        private boolean away;
        private boolean broken;
        private String finding = "SPAWN: too many";

        @Override
        public Optional<Standing> standing() {
            if (broken) {
                throw new IllegalStateException("a fault of the test");
            }
            return away
                    ? Optional.empty()
                    : Optional.of(
                            new Standing("DEGRADED", 3, 2, 2, 1, false, List.of("relay: tunnels: no certificate")));
        }

        @Override
        public Optional<List<Load>> loads() {
            return away ? Optional.empty() : Optional.of(List.of(new Load("EU", 2, 120, 14)));
        }

        @Override
        public Optional<Double> score(HostId host) {
            return away ? Optional.empty() : Optional.of(0.7123);
        }

        @Override
        public Optional<List<Verdict>> verdicts(@Nullable HostId host) {
            List<Verdict> all = List.of(
                    new Verdict(OWN, "pay_fild01", "PASSED", 0, List.of()),
                    new Verdict(OTHER, "prt_fild08", "FAILED", 1, List.of(finding)));
            return away
                    ? Optional.empty()
                    : Optional.of(all.stream()
                            .filter(each -> host == null || each.hostId().equals(host))
                            .toList());
        }
    }

    /** Runs what it was given when the test says so. */
    private static final class Waiting extends AbstractExecutorService {
        private final List<Runnable> tasks = new ArrayList<>();

        void run() {
            List<Runnable> now = List.copyOf(tasks);
            tasks.clear();
            now.forEach(Runnable::run);
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void shutdown() {
            tasks.clear();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return Collections.emptyList();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    /** A loop whose turn it always is. */
    private static final class Immediate implements Loop {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public Alarm after(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    }
}
