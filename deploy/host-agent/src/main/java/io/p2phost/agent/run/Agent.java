package io.p2phost.agent.run;

import io.p2phost.agent.Backoff;
import io.p2phost.agent.Time;
import io.p2phost.agent.awake.Awake;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HeldAssignments;
import io.p2phost.agent.home.HostKey;
import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.link.AgentLinks;
import io.p2phost.agent.machine.Machine;
import io.p2phost.agent.manners.Manners;
import io.p2phost.agent.manners.Watch;
import io.p2phost.agent.serving.Cells;
import io.p2phost.agent.serving.LocalServer;
import io.p2phost.agent.serving.MapStatus;
import io.p2phost.agent.serving.Probe;
import io.p2phost.agent.serving.Serving;
import io.p2phost.agent.session.Next;
import io.p2phost.agent.session.SessionLoop;
import io.p2phost.agent.session.SessionState;
import io.p2phost.agent.status.AgentStatus;
import io.p2phost.agent.status.StatusFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One running agent: drives the session in the calling thread, and writes the status file about once a second. */
public final class Agent {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(1);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final Settings settings;
    private final Hosting hosting;
    private final GatewayClient gateway;
    private final AgentLinks links;
    private final Serving serving;
    private final SessionLoop loop;
    private final StatusFile statusFile;
    private final Time time;
    private final Instant startedAt;
    private final CountDownLatch drained = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean draining;
    private final Manners manners;
    private final Awake awake;
    private long statusDueAtNanos;

    /** What an agent is started with. */
    public record Settings(
            AgentIdentity identity,
            HostKey key,
            HostNodeConf conf,
            List<LocalServer> servers,
            Path assignmentsFile,
            Path statusFile) {}

    /**
     * Its own map-servers.
     *
     * @param bundle what the next one is started from; null without
     * @param notes how they are confined, for the status
     */
    public record Hosting(Cells cells, Supplier<@Nullable String> bundle, List<String> notes) {
        /** All map-servers are run by others. */
        public static final Hosting NONE = new Hosting(Cells.NONE, () -> null, List.of());
    }

    /** An agent whose owner has no wishes, and whose map-servers are run by others. */
    public Agent(Settings settings, Machine machine, AgentLinks links, Time time) {
        this(settings, machine, Manners.none(settings.conf(), time), Awake.never(time), links, time, Hosting.NONE);
    }

    /** @param awake is closed with the agent */
    public Agent(
            Settings settings,
            Machine machine,
            Manners manners,
            Awake awake,
            AgentLinks links,
            Time time,
            Hosting hosting) {
        this.settings = settings;
        this.manners = manners;
        this.awake = awake;
        this.hosting = hosting;
        this.links = links;
        this.time = time;
        this.startedAt = time.instant();
        this.statusDueAtNanos = time.nanos();
        this.gateway = new GatewayClient(settings.identity().gateway(), time);
        this.statusFile = new StatusFile(settings.statusFile());
        this.serving = new Serving(
                settings.servers(),
                new Serving.Ports(
                        new HeldAssignments(settings.assignmentsFile()),
                        links,
                        links,
                        Probe.tcp(PROBE_TIMEOUT),
                        manners,
                        Agent::carrierBackoff,
                        time,
                        hosting.cells(),
                        settings.conf().maxMaps()));
        links.attach(serving);
        this.loop = new SessionLoop(
                new SessionLoop.Self(
                        settings.identity().hostId(),
                        settings.key(),
                        settings.conf().maxMaps()),
                new SessionLoop.Ports(
                        gateway, machine, serving, manners, links, links, time, ThreadLocalRandom.current()));
    }

    private static Backoff carrierBackoff() {
        return new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5), ThreadLocalRandom.current());
    }

    /** Runs until {@link #stop()} or until going on is pointless. */
    public Next.End run() {
        try (Watch watch = Watch.start(manners)) {
            while (true) {
                Next next = loop.step();
                manners.load(loop.state().load());
                switch (next) {
                    case Next.End end -> {
                        return end;
                    }
                    case Next.After after -> {
                        if (waitOrStop(after.delay())) {
                            return loop.leaveNow();
                        }
                    }
                }
            }
        } finally {
            links.close();
            serving.suspend("the agent ends");
            writeStatus();
            gateway.close();
            awake.close();
        }
    }

    /** Asks {@link #run()} to hand its maps back as planned and to return by then; from any thread. */
    public void drain(Duration deadline) {
        loop.leaveWithin(deadline);
        drained.countDown();
    }

    /** Asks {@link #run()} to leave at once and return; from any thread. */
    public void stop() {
        drained.countDown();
        stopped.countDown();
    }

    /** Whether to leave at once. Returns early when the maps are to be handed back: the server hears it now. */
    private boolean waitOrStop(Duration wait) {
        long until = time.nanos() + wait.toNanos();
        boolean wasAwake = !awake.isGoingToSleep();
        try {
            while (true) {
                loop.tick();
                lookAfterSleep();
                if (wasAwake && awake.isGoingToSleep()) {
                    return false;
                }
                if (time.nanos() - statusDueAtNanos >= 0) {
                    writeStatus();
                    statusDueAtNanos = time.nanos() + STATUS_EVERY.toNanos();
                }
                long left = until - time.nanos();
                CountDownLatch word = draining ? stopped : drained;
                if (word.await(Math.clamp(left, 0, TICK.toNanos()), TimeUnit.NANOSECONDS)) {
                    draining = true;
                    return stopped.getCount() == 0;
                }
                if (left <= 0) {
                    return false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void lookAfterSleep() {
        List<MapStatus> maps = serving.status();
        awake.note(
                maps.stream().mapToInt(MapStatus::players).sum(),
                maps.stream().anyMatch(map -> map.phase() != MapStatus.Phase.STANDBY));
    }

    private void writeStatus() {
        SessionState state = loop.state();
        statusFile.write(new AgentStatus(
                settings.identity().hostId().value(),
                settings.identity().gateway().toString(),
                ProcessHandle.current().pid(),
                startedAt,
                time.instant(),
                state.kind().name(),
                state.tier(),
                state.draining(),
                state.leaseExpiresAt(),
                serving.status().stream()
                        .map(map -> new AgentStatus.MapLine(
                                map.map().value(),
                                map.epoch().value(),
                                map.phase().name(),
                                map.detail(),
                                map.players()))
                        .toList(),
                links.tunnels().stream()
                        .map(tunnel -> new AgentStatus.TunnelLine(
                                tunnel.relayId(), tunnel.address(), tunnel.connected(), tunnel.latencyMillis()))
                        .toList(),
                serving.fences().stream()
                        .map(fence -> new AgentStatus.FenceLine(
                                fence.map().value(),
                                fence.epoch().value(),
                                fence.currentEpoch().value(),
                                fence.at(),
                                fence.why()))
                        .toList(),
                state.capability(),
                state.load(),
                state.lastError(),
                state.lastErrorAt(),
                new AgentStatus.MannersLine(
                        manners.decision().level().name(), manners.decision().reason(), manners.blind()),
                hosting.bundle().get(),
                hosting.notes()));
    }
}
