package io.p2phost.dbproxy.suite;

import static io.p2phost.dbproxy.suite.TcpSuite.FIELD;
import static io.p2phost.dbproxy.suite.TcpSuite.LAST;
import static io.p2phost.dbproxy.suite.TcpSuite.NEXT;
import static io.p2phost.dbproxy.suite.TcpSuite.REMOTE;
import static io.p2phost.dbproxy.suite.TcpSuite.on;
import static io.p2phost.dbproxy.suite.TcpSuite.until;
import static io.p2phost.dbproxy.suite.TcpSuite.walkThrough;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.p2phost.dbproxy.suite.AssignmentStandIn.Fault;
import io.p2phost.dbproxy.suite.AssignmentStandIn.Kind;
import io.p2phost.dbproxy.suite.Bystanders.Named;
import io.p2phost.dbproxy.suite.TcpSuite.Hosted;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimClientTcp;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.SimMapServerTcp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Assignment is slow, errs, answers nonsense or is gone, at each step that db-proxy takes: a table of steps and faults. Each
 * step ends in its time, whoever plays plays on, and once assignment is well again all is as it would have been.
 */
class AssignmentFaultsIT {
    /** What a busy machine adds to what is documented. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(4);

    /** The char-server's answer, which is what an entry waits for. */
    private static final Duration ENTRY = Duration.ofSeconds(5);

    /** Final saves before a planned move. */
    private static final Duration RELEASE = Duration.ofSeconds(2);

    /** The way to the portal, as well. */
    private static final Duration PORTAL = Duration.ofSeconds(4);

    private static final Duration RESUME = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(3);
    /** Grace of the link, and what assignment is waited for. */
    private static final Duration LOSS = Duration.ofSeconds(5);

    private static final Duration LOSS_WHILE_IT_HANGS = Duration.ofSeconds(8);

    private static final String RESUMED = "p2p_dbproxy_char_link_streams_resumed_total";
    private static final String PENDING = "p2p_dbproxy_char_link_losses_pending";
    private static final String BY_ITSELF = "p2p_dbproxy_unattended_failovers_total{to=\"vps\"}";

    private static TcpSuite suite;
    private static Bystanders bystanders;
    private static int names;

    private static SimClientTcp alice;
    private static SimClientTcp bob;
    private static SimClientTcp carol;

    private static Hosted field;
    private static Hosted next;
    private static Hosted last;

    private static Instant lostAt;
    private static double decidedHere;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        suite = TcpSuite.start(folder);
        suite.breakable = true;
        field = suite.owner(FIELD, false);
        next = suite.owner(NEXT, false);
        last = suite.owner(LAST, false);
        suite.toReserve(REMOTE);
        alice = player(new Point(FIELD, 193, 100));
        bob = player(new Point(NEXT, 20, 90));
        carol = player(new Point(LAST, 50, 50));
        until("in game", () -> field.plays(alice) && next.plays(bob) && last.plays(carol));
        bystanders = new Bystanders(List.of(
                new Named(player("dora", new Point(FIELD, 50, 50)), "Dora"),
                new Named(player("emil", new Point(REMOTE, 50, 50)), "Emil"),
                new Named(player("fred", new Point("prontera", 50, 50)), "Fred")));
    }

    @AfterAll
    static void stop() throws Exception {
        if (bystanders != null) {
            bystanders.close();
        }
        if (suite != null) {
            suite.close();
        }
    }

    @TestFactory
    Stream<DynamicNode> everyStepWithEveryFault() {
        return Stream.concat(
                EnumSet.complementOf(EnumSet.of(Fault.NONE)).stream()
                        .map(fault -> dynamicContainer(fault.name(), steps(fault))),
                Stream.of(dynamicTest("db-proxy begins while assignment hangs", AssignmentFaultsIT::begins)));
    }

    private static List<DynamicNode> steps(Fault fault) {
        List<DynamicNode> steps = new ArrayList<>();
        steps.add(step("it begins, and a host is lost", () -> {
            decidedHere = suite.dbProxy.metric(BY_ITSELF);
            suite.assignment.fault(fault);
            lostAt = Instant.now();
            last.vanish();
        }));
        steps.add(step("a player enters a map that has a host", () -> {
            leave(newcomer(new Point(FIELD, 100, 100), field.server()));
        }));
        steps.add(step("a player enters a map that has none", () -> {
            int before = suite.assignment.asked(Kind.DECISION).size();
            leave(newcomer(new Point(REMOTE, 100, 100), suite.reserve));
            if (fault != Fault.GONE) {
                until(
                        "assignment is asked",
                        () -> suite.assignment.asked(Kind.DECISION).size() > before);
            }
        }));
        steps.add(step("a portal from host to host, and back", () -> {
            within(PORTAL, "there", () -> walkThrough(alice, 197, next.server()));
            within(PORTAL, "back", () -> walkThrough(alice, 2, field.server()));
        }));
        steps.add(step("a planned move", () -> {
            Hosted before = next;
            within(RELEASE, "moved", () -> {
                next = suite.owner(NEXT, true);
                until("on the next host", () -> on(next.server(), bob));
            });
            before.kill();
        }));
        if (fault == Fault.GONE) {
            steps.add(step("a planned move, and assignment ends before it is answered", () -> {
                Hosted before = next;
                within(RELEASE, "moved", () -> {
                    next = suite.ownerWhomNobodyConfirmed(NEXT);
                    until("on the next host", () -> on(next.server(), bob));
                });
                before.kill();
            }));
        }
        steps.add(step("a host is drained", () -> {
            suite.drain(next);
            within(RELEASE, "on the reserve", () -> {
                suite.toReserveAsPlanned(NEXT);
                until("on the reserve", () -> on(suite.reserve, bob));
            });
            next.kill();
        }));
        steps.add(step("a map returns from the reserve to a host", () -> {
            next = suite.owner(NEXT, true);
            within(RELEASE, "returned", () -> until("on the host", () -> on(next.server(), bob)));
        }));
        steps.add(step("a host's char link breaks and is back", () -> {
            double before = suite.dbProxy.metric(RESUMED);
            field.breakOff();
            within(RESUME, "back", () -> until("resumed", () -> suite.dbProxy.metric(RESUMED) > before));
            assertThat(lossesOf(field)).isZero();
        }));
        steps.add(step("players of the lost host go on", () -> lost(fault)));
        steps.add(step("assignment is well again", AssignmentFaultsIT::well));
        return steps;
    }

    private static void lost(Fault fault) throws Exception {
        boolean taken = fault == Fault.LATE;
        if (taken) {
            // It has the report, and does then what it always does.
            until("reported", () -> lossesOf(last) > 0);
            until("taken", () -> suite.dbProxy.metric(PENDING) == 0);
            suite.toReserve(LAST);
        }
        until("on the reserve", () -> on(suite.reserve, carol));
        assertThat(suite.dbProxy.metric(BY_ITSELF) - decidedHere)
                .as("decided here")
                .isEqualTo(taken ? 0 : 1);
        Duration took = Duration.between(lostAt, carol.ask(SimClient::arrivedAt));
        boolean hangs = taken || fault == Fault.HANGS || fault == Fault.TRICKLES;
        assertThat(took).isBetween(GRACE, (hangs ? LOSS_WHILE_IT_HANGS : LOSS).plus(ALLOWANCE));
    }

    private static void well() throws Exception {
        suite.assignment.fault(Fault.NONE);
        int asked = suite.assignment.asked(Kind.DECISION).size();
        leave(newcomer(new Point(REMOTE, 100, 100), suite.reserve));
        until("it is asked again", () -> suite.assignment.asked(Kind.DECISION).size() > asked);
        until("nothing is to be reported", () -> suite.dbProxy.metric(PENDING) == 0);
        last = suite.owner(LAST, true);
        until("on a host again", () -> on(last.server(), carol));
    }

    /** It needs nothing of assignment: who owns what is in its own database. */
    private static void begins() throws Exception {
        suite.assignment.fault(Fault.HANGS);
        int asked = suite.assignment.asked(Kind.LOSS).size();
        suite.dbProxy.kill();
        suite.dbProxy.start();
        suite.awaitVps();
        until(
                "hosts are back",
                () -> Stream.of(field, next, last)
                        .allMatch(host -> host.server().ask(SimMapServer::ready)));
        SimClientTcp newcomer = newcomer(new Point(FIELD, 100, 100), field.server());
        within(PORTAL, "there", () -> walkThrough(alice, 197, next.server()));
        bystanders.longestWait();
        int answers = bystanders.answers();
        until("they hear each other again", () -> bystanders.answers() > answers + 1);
        leave(newcomer);
        assertThat(suite.assignment.asked(Kind.LOSS)).as("nobody is lost").hasSize(asked);
        everybodyPlays();
    }

    private static int lossesOf(Hosted host) {
        return (int) suite.assignment.asked(Kind.LOSS).stream()
                .filter(each -> each.isAbout("hostId", host.id().value()))
                .count();
    }

    /** Whoever was in play plays on, and nobody has waited. */
    private static DynamicTest step(String name, Executable what) {
        return dynamicTest(name, () -> {
            int answers = bystanders.answers();
            what.execute();
            until("they play", () -> bystanders.answers() > answers);
            assertThat(bystanders.longestWait()).as("they were answered").isLessThan(ALLOWANCE);
            everybodyPlays();
        });
    }

    private static void everybodyPlays() {
        Stream.concat(Stream.of(alice, bob, carol), bystanders.clients().stream())
                .forEach(player -> {
                    assertThat(player.ask(SimClient::playing)).isTrue();
                    assertThat(player.ask(SimClient::faults)).isEmpty();
                });
        assertThat(suite.relay.faults()).isEmpty();
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void within(Duration documented, String what, Action step) throws Exception {
        long begun = System.nanoTime();
        step.run();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(what).isLessThan(documented.plus(ALLOWANCE));
    }

    private static SimClientTcp newcomer(Point start, SimMapServerTcp to) throws Exception {
        List<SimClientTcp> made = new ArrayList<>();
        within(ENTRY, "entered", () -> {
            made.add(player(start));
            until("in game", () -> on(to, made.getFirst()));
        });
        return made.getFirst();
    }

    private static SimClientTcp player(Point start) {
        return player("player" + ++names, start);
    }

    private static SimClientTcp player(String name, Point start) {
        return suite.player(name, start);
    }

    private static void leave(SimClientTcp player) {
        int character = player.ask(SimClient::charId);
        player.tell(SimClient::quit);
        until("stored", () -> !suite.stored(database -> database.online(character)));
        player.close();
    }
}
