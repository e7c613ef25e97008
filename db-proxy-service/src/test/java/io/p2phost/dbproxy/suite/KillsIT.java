package io.p2phost.dbproxy.suite;

import static io.p2phost.dbproxy.suite.TcpSuite.FIELD;
import static io.p2phost.dbproxy.suite.TcpSuite.NEXT;
import static io.p2phost.dbproxy.suite.TcpSuite.on;
import static io.p2phost.dbproxy.suite.TcpSuite.until;
import static io.p2phost.dbproxy.suite.TcpSuite.walk;
import static io.p2phost.dbproxy.suite.TcpSuite.walkThrough;
import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.dbproxy.sessions.KillablePostgres;
import io.p2phost.dbproxy.suite.TcpSuite.Hosted;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimClientTcp;
import io.p2phost.ro.sim.SimMapServerTcp;
import io.p2phost.ro.sim.Status;
import io.p2phost.testkit.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes are killed with -9 under a player who earns and walks from host to host, and the hosts die behind her: what was
 * acknowledged at the portal is what she goes on with, and what is stored in the end. {@code -Dp2p.kills} says how often.
 */
@Tag("deep")
class KillsIT {
    private static final int KILLS = Integer.getInteger("p2p.kills", 99);
    private static final int LATEST_MILLIS = 1_500;
    private static final Duration BLOW = Duration.ofSeconds(2);

    private enum Victim {
        ACTIVE,
        DATABASE,
        CHAR_SERVER
    }

    private final Random random = new Random();
    private TcpSuite suite;
    private KillablePostgres postgres;

    @Test
    void whatWasAcknowledgedIsThereWhateverIsKilled(@TempDir Path folder) throws Exception {
        Programs.require("haproxy");
        try (KillablePostgres database = new KillablePostgres(folder.resolve("postgres"));
                ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
                TcpSuite started = TcpSuite.startPair(folder, database.settings())) {
            postgres = database;
            suite = started;
            Hosted field = suite.owner(FIELD, false);
            Hosted next = suite.owner(NEXT, false);
            SimClientTcp alice = suite.player("alice", new Point(FIELD, 193, 92));
            until("alice on her host", () -> on(field.server(), alice));
            Hosts hosts = new Hosts(field, next);
            for (int round = 0; round < KILLS; round++) {
                hosts = play(alice, hosts, Victim.values()[round % Victim.values().length], killer);
            }
            leave(alice);
            alice.close();
        }
    }

    private record Hosts(Hosted field, Hosted next) {}

    private Hosts play(SimClientTcp alice, Hosts hosts, Victim victim, ScheduledExecutorService killer)
            throws Exception {
        earn(alice);
        int delay = random.nextInt(LATEST_MILLIS);
        String what = victim + " after " + delay + " ms";
        ScheduledFuture<?> killed = killer.schedule(() -> kill(victim), delay, TimeUnit.MILLISECONDS);
        // The old host has no more of her than what she was saved with, and the new one has it from db-proxy.
        walkThrough(alice, 197, hosts.next.server());
        long gained = alice.ask(SimClient::baseExp);
        killed.get();
        hosts.next.kill();
        hosts.field.kill();
        revive(victim);
        Hosted next = suite.owner(NEXT, false);
        Hosted field = suite.owner(FIELD, false);
        until(what + ": goes on", () -> on(next.server(), alice));
        assertThat(experience(next.server(), alice)).as(what).isEqualTo(gained);
        assertThat(alice.ask(SimClient::faults)).as(what).isEmpty();
        walkThrough(alice, 2, field.server());
        assertThat(experience(field.server(), alice)).as(what).isEqualTo(gained);
        return new Hosts(field, next);
    }

    private Void kill(Victim victim) throws Exception {
        switch (victim) {
            case ACTIVE -> suite.dbProxy.kill();
            case DATABASE -> postgres.kill();
            case CHAR_SERVER -> suite.killCharServer();
        }
        return null;
    }

    private void revive(Victim victim) throws Exception {
        switch (victim) {
            case ACTIVE -> {
                suite.swap();
                suite.standby.startStandby();
            }
            case DATABASE -> postgres.restart();
            case CHAR_SERVER -> suite.startCharServer();
        }
        until("works", suite.dbProxy::isReached);
        suite.awaitVps();
    }

    /** From the Poring that each new server of the field has at 195,92. */
    private static void earn(SimClientTcp client) {
        long before = client.ask(SimClient::baseExp);
        walk(client, 194, 92);
        AtomicLong again = new AtomicLong();
        until("earned", () -> {
            // Whoever is told again while he walks up to it begins anew.
            if (again.get() - System.nanoTime() <= 0) {
                again.set(System.nanoTime() + BLOW.toNanos());
                client.tell(each -> each.monsters().entrySet().stream()
                        .filter(monster -> Math.abs(monster.getValue().x() - 195) <= 1)
                        .forEach(monster -> each.attack(monster.getKey())));
            }
            // Less at a level-up.
            return client.ask(SimClient::baseExp) != before;
        });
    }

    private static long experience(SimMapServerTcp server, SimClientTcp client) {
        int account = client.ask(SimClient::accountId);
        return server.ask(map -> map.status(account).baseExp());
    }

    private void leave(SimClientTcp client) {
        int character = client.ask(SimClient::charId);
        long gained = client.ask(SimClient::baseExp);
        client.tell(SimClient::quit);
        until("stored", () -> !suite.stored(database -> database.online(character)));
        Status status = suite.stored(database -> database.status(character));
        assertThat(status.baseExp()).isEqualTo(gained);
        assertThat(status.zeny()).isEqualTo(1_000);
    }
}
