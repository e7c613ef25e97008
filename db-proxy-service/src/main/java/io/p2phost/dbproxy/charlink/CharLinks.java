package io.p2phost.dbproxy.charlink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.ownership.Fencing;
import io.p2phost.dbproxy.ownership.MapOwner;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.charlink.CharLinkHello;
import io.p2phost.links.charlink.CharLinkServer;
import io.p2phost.links.charlink.CharLinkServerListener;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All char links of this db-proxy and what follows from them. A change of owner cuts the links of the owner before, at
 * once when it was decided here, and by looking at the rows every second when another instance decided it. A link of the
 * owner in effect that stays away for the grace is reported to assignment, until assignment takes it; if it cannot be told
 * for long enough, what becomes of the map is decided here.
 */
public final class CharLinks implements CharLinkServerListener, Fencing, AutoCloseable {
    /** Lost links under watch; each was a link, so the server's own limit is the real one. */
    static final int MAX_LOSSES = 10_000;

    /** Fewer hosts are never too many at once. */
    static final int MANY = 4;

    private static final Logger log = LoggerFactory.getLogger(CharLinks.class);
    private static final Duration FENCE_DEADLINE = Duration.ofMillis(500);

    private final MapOwners owners;
    private final LossReports reports;
    private final Unattended unattended;
    private final LinkAudit audit;
    private final InstantSource clock;
    private final Policy policy;
    private final CharLinkServer server;
    private final Function<CharLinkHello, StreamListener> cells;
    private final Map<Claim, Instant> losses = new ConcurrentHashMap<>();
    private final Set<Claim> beingReported = ConcurrentHashMap.newKeySet();
    private final ExecutorService reporting = Executors.newVirtualThreadPerTaskExecutor();
    /** A look is wanted before its time. */
    private final Semaphore wake = new Semaphore(0);

    private final Counter slowFences;
    private final Counter reported;
    private final Counter givenUp;
    private final Counter notWatched;
    private final Map<RefusalReason, Counter> refusals = new EnumMap<>(RefusalReason.class);
    private volatile boolean closing;
    private volatile int port;

    /**
     * How links are watched.
     *
     * @param lossGrace how long a link may be away before it counts as lost
     * @param comeBack how long owners have to come when this instance begins
     * @param unattendedAfter how long a link may be away before assignment is not waited for any more
     * @param manyAfter likewise, when so many hosts are lost at once that the fault may be here
     * @param giveUpAfter how long a loss is reported to an assignment that does not take it
     * @param lookEvery how often rows and losses are looked at
     */
    public record Policy(
            Duration lossGrace,
            Duration comeBack,
            Duration unattendedAfter,
            Duration manyAfter,
            Duration giveUpAfter,
            Duration lookEvery) {}

    /**
     * What a link needs besides this.
     *
     * @param cells who takes the bytes of a cell that connects
     */
    public record Parts(
            CharLinkServer.Options options,
            RotatingTls tls,
            LinkTransport transport,
            Admission admission,
            Function<CharLinkHello, StreamListener> cells,
            LinkMetrics metrics) {}

    private record Claim(HostId host, MapName map, Epoch epoch) {
        static Claim of(CharLinkHello hello) {
            return new Claim(hello.host(), hello.map(), hello.epoch());
        }
    }

    public CharLinks(
            Parts parts,
            MapOwners owners,
            HostIndex hosts,
            LossReports reports,
            Unattended unattended,
            LinkAudit audit,
            InstantSource clock,
            Policy policy,
            MeterRegistry meters) {
        this.owners = owners;
        this.reports = reports;
        this.unattended = unattended;
        this.audit = audit;
        this.clock = clock;
        this.policy = policy;
        this.slowFences = meters.counter("p2p_dbproxy_slow_fences_total");
        this.reported = meters.counter("p2p_dbproxy_char_link_losses_total", "outcome", "reported");
        this.givenUp = meters.counter("p2p_dbproxy_char_link_losses_total", "outcome", "given_up");
        this.notWatched = meters.counter("p2p_dbproxy_char_link_losses_total", "outcome", "not_watched");
        for (RefusalReason reason : RefusalReason.values()) {
            refusals.put(
                    reason,
                    meters.counter(
                            "p2p_dbproxy_char_link_refusals_total",
                            "reason",
                            reason.name().toLowerCase(Locale.ROOT)));
        }
        this.cells = parts.cells();
        this.server = new CharLinkServer(
                parts.options(), parts.tls(), parts.transport(), parts.admission(), this, parts.metrics());
        meters.gauge("p2p_dbproxy_char_links", server, CharLinkServer::size);
        meters.gauge("p2p_dbproxy_char_link_losses_pending", losses, Map::size);
        hosts.onBlacklisted(host -> server.cut(host, GoAwayCode.BLACKLISTED));
    }

    /** Listens and begins to watch; an address that cannot be listened at is thrown. */
    public void start(InetSocketAddress bind) {
        port = server.start(bind).getPort();
        Thread.ofVirtual().name("char-link-watch").start(this::watch);
    }

    /** The port that is listened at, once started. */
    public int port() {
        return port;
    }

    /** The claims of all links that work now. */
    public Collection<CharLinkHello> links() {
        return server.links();
    }

    /** Those of these hosts that have a link that works now, and how long each has been silent on all of them. */
    public Map<HostId, Duration> silences(Set<HostId> hosts) {
        return server.silences(hosts);
    }

    /** A host takes nothing of what is sent over its link for a map: as good as lost. */
    public void stalled(CharLinkHello hello) {
        server.stalled(hello.host(), hello.map());
    }

    // ---- from the arbiter ----

    /** Returns when nothing of the owner before is handed on any more; a loop that hangs holds it up half a second. */
    @Override
    public void fence(MapOwner now) {
        try {
            promote(now);
            server.fence(now.map(), now.epoch()).get(FENCE_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            slowFences.increment();
            log.error("{}: links before epoch {} are not known to be cut in time", now.map(), now.epoch());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The new owner's standby goes on as the map's server. */
    private void promote(MapOwner now) {
        Owner owner = now.owner();
        if (owner != null && owner.isHost()) {
            HostId host = HostId.of(owner.id());
            // What was lost of it as a standby is lost of the owner.
            Instant lost = losses.remove(new Claim(host, now.map(), Epoch.NONE));
            if (lost != null) {
                losses.putIfAbsent(new Claim(host, now.map(), now.epoch()), lost);
            }
            server.promote(host, now.map(), now.epoch());
        }
    }

    // ---- from the links, on their loops ----

    @Override
    public void accepted(CharLinkHello hello) {
        losses.remove(Claim.of(hello));
        audit.note(new LinkEvent.Accepted(hello));
    }

    @Override
    public StreamListener cell(CharLinkHello hello) {
        return cells.apply(hello);
    }

    @Override
    public void refused(CharLinkHello hello, RefusalReason reason, Epoch currentEpoch) {
        Counter refused = refusals.get(reason);
        if (refused != null) {
            refused.increment();
        }
        audit.note(new LinkEvent.Refused(hello, reason, currentEpoch));
    }

    @Override
    public void closed(CharLinkHello hello, CloseReason reason) {
        if (closing) {
            return;
        }
        audit.note(new LinkEvent.Closed(hello, reason));
        boolean bySomebodyHere = switch (reason) {
            case FENCED, REPLACED, CUT, REFUSED, SHUTDOWN -> true;
            case PEER_CLOSED,
                    PEER_ENDED,
                    GOING_AWAY,
                    SILENT,
                    STALLED,
                    PROTOCOL,
                    TLS,
                    WRONG_PEER,
                    TIMEOUT,
                    UNREACHABLE -> false;
        };
        if (bySomebodyHere) {
            return;
        }
        if (losses.size() >= MAX_LOSSES) {
            notWatched.increment();
            return;
        }
        // Silence was waited out already: it is as long as the grace, and who takes nothing had even longer. Who says
        // that he goes does not come back by himself.
        boolean forGood =
                reason == CloseReason.SILENT || reason == CloseReason.STALLED || reason == CloseReason.GOING_AWAY;
        losses.putIfAbsent(Claim.of(hello), forGood ? clock.instant().minus(policy.lossGrace()) : clock.instant());
        if (forGood) {
            wake.release();
        }
    }

    // ---- the watch ----

    private void watch() {
        try {
            expectOwners();
            while (!closing) {
                wake.tryAcquire(policy.lookEvery().toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
                try {
                    look();
                } catch (RuntimeException e) {
                    log.warn("the links cannot be compared with the rows now: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Owners that do not come to this instance were lost before it began. */
    void expectOwners() {
        try {
            Instant due = clock.instant().plus(policy.comeBack());
            for (MapOwner row : owners.all()) {
                Owner owner = row.owner();
                if (owner != null && owner.isHost() && losses.size() < MAX_LOSSES) {
                    losses.putIfAbsent(new Claim(HostId.of(owner.id()), row.map(), row.epoch()), due);
                }
            }
        } catch (RuntimeException e) {
            log.warn("owners are not expected here: {}", e.getMessage());
        }
    }

    /** One look at rows and losses. */
    void look() {
        // Taken first: what is lost from now on is none of the links that are looked at.
        Map<Claim, Instant> lostBefore = Map.copyOf(losses);
        Collection<CharLinkHello> links = server.links();
        if (links.isEmpty() && losses.isEmpty()) {
            return;
        }
        Map<MapName, MapOwner> rows = new HashMap<>();
        owners.all().forEach(row -> rows.put(row.map(), row));
        for (CharLinkHello link : links) {
            Instant lost = lostBefore.get(Claim.of(link));
            if (lost != null) {
                losses.remove(Claim.of(link), lost);
            }
            MapOwner row = rows.get(link.map());
            boolean standby = link.role() == CellRole.STANDBY;
            if (row != null && (standby ? isOwner(link, row) : link.epoch().isBefore(row.epoch()))) {
                fence(row);
            }
        }
        for (Map.Entry<Claim, Instant> loss : List.copyOf(losses.entrySet())) {
            settle(loss.getKey(), loss.getValue(), rows.get(loss.getKey().map()));
        }
    }

    private static boolean isOwner(CharLinkHello link, MapOwner row) {
        return row.owner() != null && row.owner().isHost(link.host());
    }

    private void settle(Claim lost, Instant observedAt, @Nullable MapOwner row) {
        Owner owner = row == null ? null : row.owner();
        if (row == null
                || owner == null
                || !owner.isHost(lost.host())
                || !row.epoch().equals(lost.epoch())) {
            losses.remove(lost, observedAt);
            return;
        }
        Duration away = Duration.between(observedAt, clock.instant());
        if (away.compareTo(policy.lossGrace()) < 0) {
            return;
        }
        // Apart: an assignment that hangs must not hold up the look at the other links.
        if (beingReported.add(lost)) {
            try {
                reporting.execute(() -> report(lost, observedAt));
            } catch (RejectedExecutionException e) {
                beingReported.remove(lost);
            }
        }
    }

    private void report(Claim lost, Instant observedAt) {
        try {
            LossReports.Outcome outcome = reports.charLinkLost(lost.host(), observedAt);
            if (outcome == LossReports.Outcome.TAKEN) {
                log.info("char link of host {} for {} is lost: assignment is told", lost.host(), lost.map());
                reported.increment();
                losses.remove(lost, observedAt);
                return;
            }
            Duration away = Duration.between(observedAt, clock.instant());
            boolean waited = away.compareTo(isLostWithMany() ? policy.manyAfter() : policy.unattendedAfter()) >= 0;
            if (outcome == LossReports.Outcome.AWAY && waited && isStillLost(lost, observedAt)) {
                unattended.hostLost(lost.host(), lost.map(), lost.epoch());
            }
            if (away.compareTo(policy.giveUpAfter()) > 0) {
                log.error("char link of host {} for {} is lost, assignment could not be told", lost.host(), lost.map());
                givenUp.increment();
                losses.remove(lost, observedAt);
            }
        } catch (RuntimeException e) {
            log.warn(
                    "char link of host {} for {}: nothing could be decided: {}", lost.host(), lost.map(), e.toString());
        } finally {
            beingReported.remove(lost);
        }
    }

    /** It may have come back while assignment was asked. */
    private boolean isStillLost(Claim lost, Instant observedAt) {
        return observedAt.equals(losses.get(lost))
                && server.links().stream().map(Claim::of).noneMatch(lost::equals);
    }

    /** More than half of all hosts, and not just a few: then the network here is more likely gone than they. */
    private boolean isLostWithMany() {
        Set<HostId> lost = losses.keySet().stream().map(Claim::host).collect(Collectors.toSet());
        long linked =
                server.links().stream().map(CharLinkHello::host).distinct().count();
        return lost.size() >= MANY && lost.size() > linked;
    }

    @Override
    public void close() {
        closing = true;
        wake.release();
        reporting.shutdownNow();
        server.close();
    }
}
