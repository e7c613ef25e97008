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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All char links of this db-proxy and what follows from them. A change of owner cuts the links of the owner before, at
 * once when it was decided here, and by looking at the rows every second when another instance decided it. A link of the
 * owner in effect that stays away for the grace is reported to assignment, until assignment takes it.
 */
public final class CharLinks implements CharLinkServerListener, Fencing, AutoCloseable {
    /** Lost links under watch; each was a link, so the server's own limit is the real one. */
    static final int MAX_LOSSES = 10_000;

    private static final Logger log = LoggerFactory.getLogger(CharLinks.class);
    private static final Duration FENCE_DEADLINE = Duration.ofMillis(500);

    private final MapOwners owners;
    private final LossReports reports;
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
     * @param giveUpAfter how long a loss is reported to an assignment that does not take it
     * @param lookEvery how often rows and losses are looked at
     */
    public record Policy(Duration lossGrace, Duration giveUpAfter, Duration lookEvery) {}

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
            LinkAudit audit,
            InstantSource clock,
            Policy policy,
            MeterRegistry meters) {
        this.owners = owners;
        this.reports = reports;
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
            server.promote(HostId.of(owner.id()), now.map(), now.epoch());
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
            case PEER_CLOSED, PEER_ENDED, GOING_AWAY, SILENT, PROTOCOL, TLS, WRONG_PEER, TIMEOUT, UNREACHABLE -> false;
        };
        if (bySomebodyHere) {
            return;
        }
        if (losses.size() >= MAX_LOSSES) {
            notWatched.increment();
            return;
        }
        // Silence was waited out already: it is as long as the grace. Who says that he goes does not come back by
        // himself.
        boolean forGood = reason == CloseReason.SILENT || reason == CloseReason.GOING_AWAY;
        losses.putIfAbsent(Claim.of(hello), forGood ? clock.instant().minus(policy.lossGrace()) : clock.instant());
        if (forGood) {
            wake.release();
        }
    }

    // ---- the watch ----

    private void watch() {
        try {
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

    /** One look at rows and losses. */
    void look() {
        Collection<CharLinkHello> links = server.links();
        if (links.isEmpty() && losses.isEmpty()) {
            return;
        }
        Map<MapName, MapOwner> rows = new HashMap<>();
        owners.all().forEach(row -> rows.put(row.map(), row));
        for (CharLinkHello link : links) {
            losses.remove(Claim.of(link));
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
                reporting.execute(() -> report(lost, observedAt, away));
            } catch (RejectedExecutionException e) {
                beingReported.remove(lost);
            }
        }
    }

    private void report(Claim lost, Instant observedAt, Duration away) {
        try {
            if (reports.charLinkLost(lost.host(), observedAt)) {
                log.info("char link of host {} for {} is lost: assignment is told", lost.host(), lost.map());
                reported.increment();
                losses.remove(lost, observedAt);
            } else if (away.compareTo(policy.giveUpAfter()) > 0) {
                log.error("char link of host {} for {} is lost, assignment could not be told", lost.host(), lost.map());
                givenUp.increment();
                losses.remove(lost, observedAt);
            }
        } finally {
            beingReported.remove(lost);
        }
    }

    @Override
    public void close() {
        closing = true;
        wake.release();
        reporting.shutdownNow();
        server.close();
    }
}
