package io.p2phost.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.failover.FailoverRows;
import io.p2phost.assignment.failover.LossReport;
import io.p2phost.assignment.failover.Observers;
import io.p2phost.assignment.ownership.Arbiter;
import io.p2phost.assignment.ownership.MapState;
import io.p2phost.assignment.ownership.MapStates;
import io.p2phost.assignment.standby.Standby;
import io.p2phost.assignment.standby.Standbys;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A failover is stopped after each of its steps in turn, as by SIGKILL, and a second instance on the same real database
 * finishes it: one change of owner in effect, to the standby, and a new standby for that one.
 */
class CrashIT {
    private static final int MORE_THAN_ALL_STEPS = 100;
    private static Stage stage;
    private static int maps;

    @BeforeAll
    static void start() {
        stage = new Stage(
                1,
                Map.of(
                        "p2p.assignment.sweep-interval", "1h",
                        "p2p.assignment.repair-interval", "1h",
                        "p2p.assignment.owners-interval", "1h",
                        "p2p.assignment.standby.interval", "1h"));
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    /** What the other observers say. */
    enum Heard {
        BY_NOBODY,
        BY_DB_PROXY,
        BY_A_RELAY
    }

    @ParameterizedTest
    @EnumSource
    void whereverAnInstanceDiesAnotherFinishes(Heard heard) {
        int steps = 0;
        while (!stoppedAfter(++steps, heard)) {
            assertThat(steps).isLessThan(MORE_THAN_ALL_STEPS);
        }
        assertThat(steps).as("steps of a failover").isGreaterThan(4);
    }

    /** Stops a failover after that many steps; whether it was through before. */
    private static boolean stoppedAfter(int steps, Heard heard) {
        World world = new World();
        World.Stores stores = world.with(bean(MapStates.class), bean(FailoverRows.class), bean(Standbys.class));
        World.Instance second = world.instance(stores);
        String map = "moc_fild%03d".formatted(100 + maps++);
        HostId owner = world.host(1, "203.0.113.0/24");
        HostId standby = world.host(2, "198.51.100.0/24");
        second.give(map, owner);
        second.planner.look();
        second.link();
        assertThat(second.standbyOf(map)).isEqualTo(standby);
        world.idleHost(3, "192.0.2.0/24");
        if (heard != Heard.BY_NOBODY) {
            world.heard.put(owner, Set.of(heard == Heard.BY_DB_PROXY ? "db-proxy" : "relay-2"));
        }

        Death death = new Death();
        World.Instance first = world.instance(new World.Stores(
                death.of(MapStates.class, stores.states()),
                death.of(FailoverRows.class, stores.failovers()),
                death.of(Standbys.class, stores.standbys()),
                death.of(Arbiter.class, stores.arbiter()),
                death.of(Observers.class, stores.observers())));
        first.planner.look();
        boolean survived = false;
        death.comesAfter(steps);
        try {
            first.report(owner, "relay-1", LossReport.Cause.TUNNEL_LOST);
            first.planner.look();
            survived = true;
        } catch (Killed e) {
            assertThat(death.isDead()).isTrue();
        }
        for (int i = 0; i < 3; i++) {
            world.pass(Duration.ofSeconds(5));
            second.sweep();
            second.planner.look();
        }

        MapState state = stores.states().find(MapName.of(map)).orElseThrow();
        assertThat(state.intent()).as("after step " + steps).isNull();
        assertThat(state.epoch().value()).isEqualTo(world.dbProxy.epoch(map));
        assertThat(state.owner()).isEqualTo(world.dbProxy.owner(map));
        Instant later = world.now.get().plusSeconds(60);
        assertThat(stores.failovers().open(later, later, 1_000))
                .as("open after step " + steps)
                .noneMatch(failover -> failover.hostId().equals(owner));
        Standby next = stores.standbys().find(MapName.of(map)).orElseThrow();
        assertThat(next.epoch()).isEqualTo(state.epoch());
        // Dead before it was written down, the report is lost: whoever made it makes it again.
        boolean written = death.log.stream().anyMatch(step -> step.equals("open"));
        if (heard == Heard.BY_A_RELAY || !written) {
            assertThat(world.dbProxy.changes).hasSize(1);
            assertThat(state.owner()).isEqualTo(Owner.host(owner));
        } else {
            assertThat(world.dbProxy.changes)
                    .as("after step " + steps + " " + death.log)
                    .containsExactly(
                            map + " 1 TEST planned",
                            map + (heard == Heard.BY_NOBODY ? " 2 TUNNEL_LOST" : " 2 TUNNEL_ONLY planned"));
            assertThat(state.owner()).isEqualTo(Owner.host(standby));
            assertThat(next.host()).isNotEqualTo(standby);
        }
        second.placement.release(MapName.of(map), "TEST");
        second.planner.look();
        return survived;
    }

    private static <T> T bean(Class<T> type) {
        return stage.one().context().getBean(type);
    }

    /** Comes after a step took effect, and before anybody learns of it; nothing is done by the dead. */
    private static final class Death {
        private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        private final List<String> log = new CopyOnWriteArrayList<>();

        void comesAfter(int steps) {
            log.clear();
            left.set(steps);
        }

        boolean isDead() {
            return left.get() <= 0;
        }

        <T> T of(Class<T> port, T real) {
            return port.cast(Proxy.newProxyInstance(
                    port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                        if (isDead()) {
                            throw new Killed();
                        }
                        Object result;
                        try {
                            result = method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                        log.add(method.getName());
                        if (left.decrementAndGet() <= 0) {
                            throw new Killed();
                        }
                        return result;
                    }));
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }
}
