package io.p2phost.relay.tunnel;

import io.netty.channel.Channel;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.Door;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tunnel.Tunnel;
import io.p2phost.links.tunnel.TunnelAuthoriser;
import io.p2phost.links.tunnel.TunnelImage;
import io.p2phost.links.tunnel.TunnelServer;
import io.p2phost.links.tunnel.TunnelServerListener;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteListener;
import io.p2phost.relay.route.RouteTable;
import io.p2phost.relay.telemetry.RelayMetrics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tunnels of this relay and what they mean. A host is told of its maps (ASSIGN) when a route names it and again when
 * its tunnel comes up; what it says (READY) counts only for the route in effect: a lower epoch is answered FENCED, a
 * higher one waits for its route. A tunnel that breaks is reported to assignment at once, though its host may still come
 * back and go on (ADR 10).
 */
public final class HostTunnels implements TunnelServerListener, RouteListener, AutoCloseable {
    /** Claims of one tunnel that wait for their routes; an honest host has a few. */
    static final int MAX_EARLY_CLAIMS = 256;

    /** A host says the same with every heartbeat; assignment keeps what it was told, and hears it again after this. */
    static final Duration SAME_CLAIM = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(HostTunnels.class);

    private final RouteTable routes;
    private final Assignment assignment;
    private final Deliveries deliveries;
    private final InstantSource clock;
    private final RelayMetrics metrics;
    private final TunnelServer server;
    private volatile int port;
    private final Map<Tunnel, Map<MapName, Claim>> early = new ConcurrentHashMap<>();

    /** What assignment has of each tunnel's maps. */
    private final Map<Tunnel, Map<MapName, Delivered>> delivered = new ConcurrentHashMap<>();

    private final Set<Tunnel> reported = ConcurrentHashMap.newKeySet();

    private record Claim(Epoch epoch, boolean ready, String detail) {}

    private record Delivered(Claim claim, Instant at) {}

    private record LossOf(HostId host) {}

    private record ReadinessOf(HostId host, MapName map) {}

    /** What the tunnels need of the suite. */
    public record Parts(
            RouteTable routes, Assignment assignment, Deliveries deliveries, HostStates states, InstantSource clock) {}

    public HostTunnels(
            TunnelServer.Options options,
            RotatingTls tls,
            LinkTransport transport,
            TunnelAuthoriser authoriser,
            RelayMetrics metrics,
            Parts parts) {
        this.metrics = metrics;
        this.routes = parts.routes();
        this.assignment = parts.assignment();
        this.deliveries = parts.deliveries();
        this.clock = parts.clock();
        this.server = new TunnelServer(options, tls, transport, authoriser, this, metrics);
        parts.routes().listen(this);
        parts.states().onBlacklisted(host -> server.cut(host, GoAwayCode.BLACKLISTED));
    }

    /** Listens; an address that cannot be listened at is thrown. */
    public void start(InetSocketAddress bind) {
        port = server.start(bind).getPort();
    }

    // ---- from one process to the next ----

    /** Goes on where another process listened, once its tunnels were taken on. */
    public void start(Door door) {
        port = server.start(door).getPort();
    }

    /** The socket that is listened at. */
    public Channel listening() {
        return server.listening();
    }

    /** Ends all connections so that another process can go on with their streams; nothing is reported as lost. */
    public CompletableFuture<Void> pause() {
        return server.pause();
    }

    /** What another process needs, once paused; {@code names} says what it calls each stream, negative for none. */
    public CompletableFuture<List<TunnelImage>> images(ToIntFunction<LinkStream> names) {
        return server.images(names);
    }

    /** Nobody took over: hosts are let in again. */
    public void goOn() {
        server.goOn();
    }

    /** Takes a tunnel of another process on; {@code listeners} says whose stream each is. Completes once each has its. */
    public CompletableFuture<Void> takeOn(TunnelImage image, IntFunction<@Nullable StreamListener> listeners) {
        return server.takeOn(image, listeners);
    }

    /** The port that is listened at, once started. */
    public int port() {
        return port;
    }

    /** The host's tunnel, if it has one here that is up. */
    public Optional<Tunnel> of(HostId host) {
        return server.tunnel(host).filter(Tunnel::isUp);
    }

    /** All live tunnels. */
    public Collection<Tunnel> all() {
        return server.tunnels().stream().filter(Tunnel::isUp).toList();
    }

    /** How long a host with a tunnel here has been silent; empty without a tunnel. */
    public Optional<Duration> silence(HostId host) {
        return server.silence(host);
    }

    /** Whether the route's owner can be reached by a tunnel of this relay. */
    public boolean reaches(Route route) {
        HostId host = route.host();
        return host != null && of(host).isPresent();
    }

    public int size() {
        return server.size();
    }

    // ---- from the tunnels, on their loops ----

    @Override
    public void connected(Tunnel tunnel) {
        log.info("tunnel of host {} from {}", tunnel.host(), tunnel.remoteAddress());
        early.put(tunnel, new ConcurrentHashMap<>());
        delivered.put(tunnel, new ConcurrentHashMap<>());
        assign(tunnel);
    }

    private void assign(Tunnel tunnel) {
        // The tunnel can be found already: a route that changes meanwhile tells it too, and hearing twice is harmless.
        routes.of(tunnel.host()).forEach(route -> tunnel.assign(route.map(), route.epoch(), CellRole.PRIMARY));
    }

    @Override
    public void ready(Tunnel tunnel, MapName map, Epoch epoch, boolean ready, String detail) {
        Claim claim = new Claim(epoch, ready, detail);
        Optional<Route> route = routes.find(map);
        if (route.isPresent() && !route.get().epoch().isBefore(epoch)) {
            judge(tunnel, claim, route.get());
            return;
        }
        Map<MapName, Claim> waiting = early.get(tunnel);
        if (waiting == null) {
            return;
        }
        if (waiting.size() < MAX_EARLY_CLAIMS || waiting.containsKey(map)) {
            waiting.put(map, claim);
            // The route may have come between the look and the note.
            routes.find(map).filter(now -> !now.epoch().isBefore(epoch)).ifPresent(now -> settle(tunnel, now));
        } else {
            metrics.claimDropped();
        }
    }

    /** The claim is not newer than the route. */
    private void judge(Tunnel tunnel, Claim claim, Route route) {
        HostId host = tunnel.host();
        MapName map = route.map();
        if (!route.isOf(host) || claim.epoch().isBefore(route.epoch())) {
            log.info("host {} claims {} at {}: fenced, {} is in effect", host, map, claim.epoch(), route.epoch());
            tunnel.fence(map, route.epoch());
            return;
        }
        Map<MapName, Delivered> known = delivered.getOrDefault(tunnel, new ConcurrentHashMap<>());
        Delivered last = known.get(map);
        if (last != null
                && last.claim().equals(claim)
                && clock.instant().isBefore(last.at().plus(SAME_CLAIM))) {
            return;
        }
        deliveries.submit(
                new ReadinessOf(host, map),
                new Deliveries.Message(
                        "readiness",
                        () -> routes.find(map).filter(route::equals).isPresent()
                                && of(host).filter(tunnel::equals).isPresent(),
                        () -> {
                            assignment.readiness(host, map, claim.epoch(), claim.ready(), claim.detail());
                            known.put(map, new Delivered(claim, clock.instant()));
                        }));
    }

    private void settle(Tunnel tunnel, Route route) {
        Map<MapName, Claim> waiting = early.get(tunnel);
        Claim claim = waiting == null ? null : waiting.get(route.map());
        if (waiting != null
                && claim != null
                && !route.epoch().isBefore(claim.epoch())
                && waiting.remove(route.map(), claim)) {
            judge(tunnel, claim, route);
        }
    }

    @Override
    public void broken(Tunnel tunnel) {
        log.info("tunnel of host {} broke, {} streams wait", tunnel.host(), tunnel.streams());
        reported.add(tunnel);
        report(tunnel.host());
    }

    @Override
    public void resumed(Tunnel tunnel) {
        log.info("tunnel of host {} goes on from {}", tunnel.host(), tunnel.remoteAddress());
        reported.remove(tunnel);
        // One that another process had is new here.
        early.computeIfAbsent(tunnel, carried -> new ConcurrentHashMap<>());
        delivered.computeIfAbsent(tunnel, carried -> new ConcurrentHashMap<>());
        assign(tunnel);
    }

    @Override
    public void lost(Tunnel tunnel, CloseReason reason) {
        early.remove(tunnel);
        delivered.remove(tunnel);
        boolean told = reported.remove(tunnel);
        HostId host = tunnel.host();
        log.info("tunnel of host {} lost: {}", host, reason);
        // A newer tunnel of the host carries on; and our own end is not the host's.
        if (!told && reason != CloseReason.REPLACED && reason != CloseReason.SHUTDOWN) {
            report(host);
        }
    }

    private void report(HostId host) {
        Instant observedAt = clock.instant();
        deliveries.submit(
                new LossOf(host),
                new Deliveries.Message(
                        "tunnel_lost", () -> of(host).isEmpty(), () -> assignment.tunnelLost(host, observedAt)));
    }

    // ---- from the route table, under its lock ----

    @Override
    public void changed(@Nullable Route before, Route now) {
        HostId old = before == null ? null : before.host();
        HostId current = now.host();
        if (old != null && !old.equals(current)) {
            // Up or not: its streams may wait for it.
            server.tunnel(old).ifPresent(tunnel -> tunnel.fence(now.map(), now.epoch()));
        }
        if (current != null) {
            of(current).ifPresent(tunnel -> tunnel.assign(now.map(), now.epoch(), CellRole.PRIMARY));
        }
        delivered.values().forEach(known -> known.remove(now.map()));
        early.keySet().forEach(tunnel -> settle(tunnel, now));
    }

    @Override
    public void close() {
        server.close();
    }
}
