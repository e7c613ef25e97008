package io.p2phost.agent.session;

import io.p2phost.agent.AgentVersion;
import io.p2phost.agent.Backoff;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.Time;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.GatewayException;
import io.p2phost.agent.gateway.GatewayException.Refused;
import io.p2phost.agent.gateway.Messages.Heartbeat;
import io.p2phost.agent.gateway.Messages.HeartbeatAnswer;
import io.p2phost.agent.gateway.Messages.Lease;
import io.p2phost.agent.gateway.Messages.SessionGrant;
import io.p2phost.agent.gateway.Messages.SessionRequest;
import io.p2phost.agent.gateway.Shortfall;
import io.p2phost.agent.home.HostKey;
import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.Load;
import io.p2phost.agent.machine.Machine;
import io.p2phost.agent.manners.Decision;
import io.p2phost.agent.manners.Level;
import io.p2phost.agent.manners.Manners;
import io.p2phost.agent.serving.MapStatus.Phase;
import io.p2phost.agent.serving.Serving;
import io.p2phost.agent.session.SessionState.Kind;
import io.p2phost.contracts.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this host a member: token, certificate, session, heartbeats. One thread calls {@link #step()} and waits as it
 * says; {@link #tick()} is called at least every second in between and stops all serving when this process stood still
 * for longer than its lease, before anything is sent.
 */
public final class SessionLoop {
    /** A host whose key is refused this often in a row is unknown to the registry; less often may be a clock. */
    static final int KEY_REFUSALS = 3;

    static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    static final Duration LONGEST_BACKOFF = Duration.ofSeconds(15);

    private static final Logger log = LoggerFactory.getLogger(SessionLoop.class);
    private static final Duration USUAL_LEASE = Duration.ofSeconds(15);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(1);
    private static final double JITTER = 0.1;

    /** How soon a wish of the owner's is looked at again. */
    private static final Duration PAUSED_LOOK = Duration.ofSeconds(1);

    /** An assignment may be under way while the host is drained: as many answers in a row must find nothing held. */
    private static final int EMPTY_ANSWERS = 2;

    private static final Decision ENDING = new Decision(Level.PAUSE, "the agent ends");

    private final HostId host;
    private final GatewayClient gateway;
    private final Machine machine;
    private final OptionalInt maxMaps;
    private final Serving serving;
    private final Manners manners;
    private final Links links;
    private final LinkQuality quality;
    private final Time time;
    private final RandomGenerator random;
    private final TokenKeeper tokens;
    private final CertificateKeeper certificates;
    private final SlipGuard slips;

    /** Tells the server this process from another one with the same key, such as one in a copied home. */
    private final UUID run = UUID.randomUUID();

    private final Backoff backoff;
    private Duration leaseDuration = USUAL_LEASE;
    private Duration heartbeatInterval = Duration.ofSeconds(5);
    private boolean joined;
    private boolean everJoined;
    private int keyRefusals;
    private @Nullable Long pauseSinceNanos;
    private int emptyAnswers;
    private volatile @Nullable Long leaveByNanos;
    private volatile SessionState state = SessionState.INITIAL;

    /** Who this host is and what it may offer. */
    public record Self(HostId host, HostKey key, OptionalInt maxMaps) {}

    /** What the loop drives. */
    public record Ports(
            GatewayClient gateway,
            Machine machine,
            Serving serving,
            Manners manners,
            Links links,
            LinkQuality quality,
            Time time,
            RandomGenerator random) {}

    public SessionLoop(Self self, Ports ports) {
        this.host = self.host();
        this.maxMaps = self.maxMaps();
        this.gateway = ports.gateway();
        this.machine = ports.machine();
        this.serving = ports.serving();
        this.manners = ports.manners();
        this.links = ports.links();
        this.quality = ports.quality();
        this.time = ports.time();
        this.random = ports.random();
        this.tokens = new TokenKeeper(gateway, host, self.key(), time);
        this.certificates = new CertificateKeeper(gateway, host, time);
        this.slips = new SlipGuard(time);
        this.backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, random);
    }

    /** May be read by any thread. */
    public SessionState state() {
        return state;
    }

    /** The agent is to end: hands the maps back as planned, then ends, by that time at the latest. From any thread. */
    public void leaveWithin(Duration deadline) {
        leaveByNanos = time.nanos() + deadline.toNanos();
    }

    /** Leaves without waiting for anything, and says whether maps were still here. */
    public Next.End leaveNow() {
        boolean empty = carriesNothing();
        leave();
        return empty
                ? new Next.End(ExitCode.OK, "stopped")
                : new Next.End(
                        ExitCode.NOT_HANDED_BACK,
                        "stopped before the server had taken all maps back; it moves them now as after a loss");
    }

    /** Looks for a slip of this process, and for standbys that nobody asks for any more. */
    public void tick() {
        serving.expireStandbys();
        Duration gap = slips.sinceLastCall();
        if (gap.compareTo(leaseDuration) > 0 && serving.running()) {
            serving.suspend("this process stood still for " + gap.toSeconds() + " s (lease: "
                    + leaseDuration.toSeconds() + " s)");
        }
    }

    /** Does what is due now, at most a few calls to the gateway. */
    public Next step() {
        Next next = stepOnce();
        Long leaveBy = leaveByNanos;
        if (leaveBy != null && next instanceof Next.After after) {
            Duration left = Duration.ofNanos(Math.max(0, leaveBy - time.nanos()));
            return after.delay().compareTo(left) > 0 ? new Next.After(left) : after;
        }
        return next;
    }

    private Next stepOnce() {
        tick();
        Decision wish = wish();
        if (staysOut(wish)) {
            return stayOut(wish);
        }
        try {
            String token = tokens.current();
            keyRefusals = 0;
            renewCertificate(token);
            return joined ? heartbeat(token) : join(token);
        } catch (Refused e) {
            return refused(e);
        } catch (GatewayException e) {
            return tryAgain(e.getMessage(), Duration.ZERO);
        } finally {
            // The calls above have deadlines shorter than the lease; what they took is not a slip.
            tick();
        }
    }

    private Decision wish() {
        return leaveByNanos == null ? manners.decision() : ENDING;
    }

    /** Not joined, it does not join; joined, it leaves once its maps are elsewhere, or when that takes too long. */
    private boolean staysOut(Decision wish) {
        if (!joined) {
            return wish.level().handsBack();
        }
        if (wish.level() != Level.PAUSE) {
            pauseSinceNanos = null;
            return false;
        }
        if (pauseSinceNanos == null) {
            pauseSinceNanos = time.nanos();
            emptyAnswers = 0;
            log.info("pausing, the maps are handed over first: {}", wish.reason());
        }
        if (emptyAnswers >= EMPTY_ANSWERS) {
            return true;
        }
        Long leaveBy = leaveByNanos;
        long until = leaveBy == null ? pauseSinceNanos + manners.handOver().toNanos() : leaveBy;
        boolean late = time.nanos() - until >= 0;
        if (late) {
            log.warn("not everything was handed over in time, leaving");
        }
        return late;
    }

    private Next stayOut(Decision wish) {
        if (leaveByNanos != null) {
            return leaveNow();
        }
        if (joined) {
            leave();
            pauseSinceNanos = null;
        }
        serving.suspend("paused: " + wish.reason());
        if (state.kind() != Kind.PAUSED) {
            log.info("paused: {}", wish.reason());
            state = new SessionState(
                    Kind.PAUSED,
                    state.tier(),
                    null,
                    false,
                    state.capability(),
                    state.load(),
                    state.lastError(),
                    state.lastErrorAt());
        }
        return new Next.After(PAUSED_LOOK);
    }

    private void countEmptyAnswer(boolean draining) {
        emptyAnswers = draining && carriesNothing() ? emptyAnswers + 1 : 0;
    }

    private boolean carriesNothing() {
        return serving.status().stream().allMatch(map -> map.phase() == Phase.STANDBY);
    }

    /** Leaves: the server moves this host's maps at once instead of waiting for the lease. */
    public void leave() {
        String token = tokens.held();
        if (joined && token != null) {
            try {
                gateway.closeSession(host, token, run);
                log.info("left");
            } catch (GatewayException e) {
                log.warn("could not say goodbye ({}); the lease ends by itself", e.getMessage());
            }
        }
        joined = false;
        state = new SessionState(
                Kind.STOPPED,
                state.tier(),
                null,
                false,
                state.capability(),
                state.load(),
                state.lastError(),
                state.lastErrorAt());
    }

    private void renewCertificate(String token) {
        if (!certificates.renewalDue()) {
            return;
        }
        try {
            links.credentials(certificates.renew(token));
        } catch (GatewayException e) {
            if (certificates.current() == null || (e instanceof Refused refused && !refused.temporary())) {
                throw e;
            }
            log.warn("certificate not renewed yet: {}", e.getMessage());
        }
    }

    private Next join(String token) {
        Capability capability = machine.capability();
        SessionGrant grant = gateway.openSession(
                host,
                token,
                new SessionRequest(
                        capability.cpuGhz(),
                        capability.cpuCores(),
                        capability.ramGb(),
                        capability.networkMbps(),
                        capability.os(),
                        AgentVersion.current(),
                        maxMaps.isPresent() ? maxMaps.getAsInt() : null,
                        run));
        Instant serverTime = grant.serverTime() == null ? gateway.serverNow() : grant.serverTime();
        Duration granted = Duration.between(serverTime, grant.lease().expiresAt());
        leaseDuration = granted.compareTo(Duration.ofSeconds(1)) < 0 ? USUAL_LEASE : granted;
        adopt(grant.lease());
        joined = true;
        everJoined = true;
        backoff.reset();
        log.info(
                "joined: tier {}, {} relays, heartbeat every {} s",
                grant.tier(),
                grant.relays().size(),
                heartbeatInterval.toMillis() / 1000.0);
        state = new SessionState(
                Kind.JOINED,
                grant.tier(),
                time.instant().plus(leaseDuration),
                false,
                capability,
                state.load(),
                state.lastError(),
                state.lastErrorAt());
        links.configure(grant.relays(), grant.dbProxy());
        serving.resume();
        return untilHeartbeat();
    }

    private Next heartbeat(String token) {
        Load load = machine.load();
        long sentAt = time.nanos();
        HeartbeatAnswer answer = gateway.heartbeat(
                host,
                token,
                new Heartbeat(
                        load.cpuPercent(),
                        load.memoryPercent(),
                        load.networkPercent(),
                        quality.latencyMillis(),
                        load.packetLossPercent(),
                        serving.served(),
                        wish().level().handsBack(),
                        run));
        adopt(answer.lease());
        backoff.reset();
        if (state.kind() == Kind.UNSURE) {
            log.info("heartbeats are answered again");
        }
        state = new SessionState(
                Kind.JOINED,
                state.tier(),
                time.instant().plus(leaseDuration),
                answer.desired().drain(),
                state.capability(),
                load,
                state.lastError(),
                state.lastErrorAt());
        serving.resume();
        serving.reconcile(answer.desired().assignments(), sentAt);
        countEmptyAnswer(answer.desired().drain());
        return untilHeartbeat();
    }

    private void adopt(Lease lease) {
        Duration interval = lease.heartbeatInterval();
        heartbeatInterval = interval.compareTo(SHORTEST_INTERVAL) < 0
                ? SHORTEST_INTERVAL
                : interval.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : interval;
    }

    /** The server's interval, up to 10 % sooner or later so that many hosts do not send in step. */
    private Next untilHeartbeat() {
        if (pauseSinceNanos != null && heartbeatInterval.compareTo(PAUSED_LOOK) > 0) {
            return new Next.After(PAUSED_LOOK);
        }
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        return new Next.After(Duration.ofNanos((long) (heartbeatInterval.toNanos() * factor)));
    }

    private Next refused(Refused e) {
        return switch (e.slug()) {
            case "blacklisted" -> end(ExitCode.BLACKLISTED, "this host is banned: " + e.getMessage());
            case "session-taken" ->
                end(
                        ExitCode.REFUSED,
                        "another agent with this host's key has joined: was this home copied to another machine? The newest"
                                + " one goes on, this one ends. A second machine needs an enrolment code of its own");
            case "below-minimum" -> end(ExitCode.BELOW_MINIMUM, inWords(e));
            case "invalid-grant" -> keyRefused(e);
            default -> refusedByStatus(e);
        };
    }

    private Next refusedByStatus(Refused e) {
        if (e.temporary()) {
            return tryAgain(e.getMessage(), e.retryAfter().orElse(Duration.ZERO));
        }
        return switch (e.status()) {
            case 401 -> {
                tokens.discard();
                yield keyRefused(e);
            }
            case 403 -> end(ExitCode.REFUSED, "the server does not let this host in: " + e.getMessage());
            case 404 ->
                end(
                        ExitCode.REFUSED,
                        "the server does not know this host (" + host + "): " + e.getMessage()
                                + ". If it was removed, enrol again in a new home");
            case 410 -> sessionOver(e);
            default ->
                everJoined
                        ? tryAgain(e.getMessage(), Duration.ZERO)
                        : end(ExitCode.REFUSED, "the server refuses this agent's request: " + e.getMessage());
        };
    }

    /** The lease ran out, or the registry forgot the session: joins again at once. */
    private Next sessionOver(Refused e) {
        if (!joined) {
            return tryAgain(e.getMessage(), Duration.ZERO);
        }
        log.warn("the session is over, joining again: {}", e.getMessage());
        joined = false;
        note(Kind.JOINING, "the session was over: " + e.getMessage());
        return new Next.After(Duration.ZERO);
    }

    private Next keyRefused(Refused e) {
        keyRefusals++;
        if (keyRefusals >= KEY_REFUSALS) {
            return end(
                    ExitCode.REFUSED,
                    "the server does not accept this host's key: " + e.getMessage()
                            + ". Is it the same server this home was enrolled at?");
        }
        return tryAgain(e.getMessage(), Duration.ZERO);
    }

    private Next tryAgain(@Nullable String why, Duration atLeast) {
        String reason = String.valueOf(why);
        if (!reason.equals(state.lastError()) || state.kind() == Kind.JOINED) {
            log.warn("{}; trying again", reason);
        }
        note(joined ? Kind.UNSURE : Kind.JOINING, reason);
        Duration wait = backoff.next();
        Duration asked = atLeast.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : atLeast;
        return new Next.After(wait.compareTo(asked) > 0 ? wait : asked);
    }

    private Next end(ExitCode code, String message) {
        serving.suspend(message.lines().findFirst().orElse("refused"));
        joined = false;
        note(Kind.STOPPED, message);
        return new Next.End(code, message);
    }

    private void note(Kind kind, String error) {
        state = new SessionState(
                kind,
                state.tier(),
                joined ? state.leaseExpiresAt() : null,
                state.draining(),
                state.capability(),
                state.load(),
                error,
                time.instant());
    }

    private static String inWords(Refused e) {
        return "this machine is below what the server asks of a host:"
                + e.shortfalls().stream()
                        .map(Shortfall::inWords)
                        .map(line -> System.lineSeparator() + "  - " + line)
                        .collect(Collectors.joining());
    }
}
