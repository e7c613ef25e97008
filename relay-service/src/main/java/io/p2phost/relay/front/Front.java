package io.p2phost.relay.front;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamPipe;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AdmissionHandler;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tunnel.Tunnel;
import io.p2phost.relay.route.PublicPorts;
import io.p2phost.relay.route.Route;
import io.p2phost.relay.route.RouteListener;
import io.p2phost.relay.route.RouteTable;
import io.p2phost.relay.telemetry.RelayMetrics;
import io.p2phost.relay.telemetry.RelayMetrics.Refusal;
import io.p2phost.relay.tunnel.HostTunnels;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public ports, one per map, kept through every owner. A player's connection leads to the owner in effect: through
 * its tunnel, or over TCP to a VPS. It is bound to the epoch it was made under and ends when another owner comes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what is closed here is not needed any more, however that ends
public final class Front implements RouteListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Front.class);
    private static final WriteBufferWaterMark WATERMARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    private static final int BACKLOG = 256;

    private final Settings settings;
    private final LinkTransport transport;
    private final PublicPorts ports;
    private final RouteTable routes;
    private final HostTunnels tunnels;
    private final RelayMetrics metrics;
    private final AddressLimits limits;
    private final Dialer dialer;
    private final ReentrantLock opening = new ReentrantLock();
    private final Map<MapName, Channel> listening = new ConcurrentHashMap<>();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean missing = new AtomicBoolean();
    private final AtomicBoolean repairing = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * How the front behaves.
     *
     * @param bindAddress where map ports are listened at
     * @param connectTimeout how long a VPS may take to accept
     * @param limits who may connect how often
     */
    public record Settings(String bindAddress, Duration connectTimeout, AddressLimits.Rules limits) {}

    /** A player's connection; {@code route} is what it was made for. */
    private record Session(Route route, Channel player) {}

    public Front(
            Settings settings,
            LinkTransport transport,
            PublicPorts ports,
            RouteTable routes,
            HostTunnels tunnels,
            RelayMetrics metrics) {
        this.settings = settings;
        this.transport = transport;
        this.ports = ports;
        this.routes = routes;
        this.tunnels = tunnels;
        this.metrics = metrics;
        this.limits = new AddressLimits(settings.limits(), System::nanoTime);
        this.dialer = new Dialer(transport, settings.connectTimeout());
        routes.listen(this);
    }

    /** Opens every port that was given before: players of a map without a route yet are closed, not refused. */
    public void start() {
        ports.given().keySet().forEach(this::open);
    }

    /**
     * Listens at the map's public port, if it does not yet. Blocks for the database.
     *
     * @return the port; empty when none is left or it cannot be listened at
     */
    public OptionalInt open(MapName map) {
        OptionalInt known = portOf(map);
        if (known.isPresent()) {
            return known;
        }
        opening.lock();
        try {
            OptionalInt meanwhile = portOf(map);
            if (meanwhile.isPresent() || closed) {
                return meanwhile;
            }
            OptionalInt port = ports.portOf(map);
            return port.isPresent() ? listen(map, port.getAsInt()) : port;
        } finally {
            opening.unlock();
        }
    }

    /** The map's public port, if it is listened at. */
    public OptionalInt portOf(MapName map) {
        Channel channel = listening.get(map);
        return channel == null
                ? OptionalInt.empty()
                : OptionalInt.of(((InetSocketAddress) channel.localAddress()).getPort());
    }

    private OptionalInt listen(MapName map, int port) {
        var binding = new ServerBootstrap()
                .group(transport.group())
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AdmissionHandler(limits, metrics.ofPlayers()))
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATERMARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel player) {
                        admit(map, player);
                    }
                })
                .bind(settings.bindAddress(), port)
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            log.error(
                    "map {}: its public port {} cannot be listened at: {}",
                    map,
                    port,
                    binding.cause().getMessage());
            return OptionalInt.empty();
        }
        listening.put(map, binding.channel());
        return OptionalInt.of(port);
    }

    // ---- a player's connection, on its loop ----

    private void admit(MapName map, SocketChannel player) {
        Route route = routes.find(map).orElse(null);
        if (route == null || route.owner() == null) {
            refuse(player, Refusal.NO_OWNER);
            return;
        }
        Session session = new Session(route, player);
        sessions.add(session);
        player.closeFuture().addListener(gone -> sessions.remove(session));
        String address = route.owner().address();
        if (address == null) {
            throughTunnel(route, player);
        } else {
            direct(address, player);
        }
        // The owner may have changed while we looked: whoever changed it did not see this session yet.
        if (routes.find(map).filter(route::equals).isEmpty()) {
            refuse(player, Refusal.OWNER_CHANGED);
        }
    }

    private void throughTunnel(Route route, SocketChannel player) {
        HostId host = route.host();
        Optional<Tunnel> tunnel = host == null ? Optional.empty() : tunnels.of(host);
        if (tunnel.isEmpty()) {
            refuse(player, Refusal.NO_TUNNEL);
            return;
        }
        StreamPipe pipe = new StreamPipe(player, this::ended);
        player.pipeline().addLast(pipe);
        tunnel.get().open(route.map(), route.epoch(), SourceAddress.NONE, pipe);
    }

    /** Counts a stream that never reached its cell, unless it was the player who left. */
    private void ended(LinkStream stream) {
        ResetCode code = stream.resetCode();
        if (!stream.wasOpened() && code != null && code != ResetCode.CONNECTION_RESET) {
            metrics.refused(code == ResetCode.FENCED ? Refusal.OWNER_CHANGED : Refusal.UNREACHABLE);
        }
    }

    private void direct(String address, SocketChannel player) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        int port = Integer.parseInt(address.substring(colon + 1));
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            dial(new InetSocketAddress(host, port), player);
        } else {
            // Looking a name up blocks, and nothing may block the loop that moves everybody's bytes.
            background.execute(() -> {
                InetSocketAddress resolved = new InetSocketAddress(host, port);
                player.eventLoop().execute(() -> dial(resolved, player));
            });
        }
    }

    private void dial(InetSocketAddress address, SocketChannel player) {
        Connecting connecting = new Connecting(address, player);
        connecting.server = dialer.dial(player.eventLoop(), address, connecting);
    }

    /** A connection to a VPS that is being made; its outcome comes in a later turn of the loop. */
    private final class Connecting implements Dialer.Dialed {
        private final InetSocketAddress address;
        private final SocketChannel player;
        private @Nullable Channel server;

        Connecting(InetSocketAddress address, SocketChannel player) {
            this.address = address;
            this.player = player;
        }

        @Override
        public void connected() {
            if (server != null && player.isActive()) {
                SocketPipe.join(player, server, metrics::bytesOut, metrics::bytesIn);
            } else if (server != null) {
                server.close();
            }
        }

        @Override
        public void failed(Throwable cause) {
            log.info("VPS at {} cannot be reached: {}", address, cause.getMessage());
            refuse(player, Refusal.UNREACHABLE);
        }
    }

    private void refuse(Channel player, Refusal reason) {
        if (player.isOpen()) {
            metrics.refused(reason);
            player.close();
        }
    }

    // ---- routes ----

    @Override
    public void changed(@Nullable Route before, Route now) {
        if (before != null && !Objects.equals(before.owner(), now.owner())) {
            for (Session session : sessions) {
                if (session.route.map().equals(now.map())
                        && session.route.epoch().isBefore(now.epoch())) {
                    session.player.close();
                }
            }
        }
        if (!listening.containsKey(now.map())) {
            openMissing();
        }
    }

    /**
     * Opens in the background what could not be opened before: a map's first port needs the database, and a port may be
     * taken for a while. One attempt at a time; call it again every few seconds.
     */
    public void openMissing() {
        missing.set(true);
        if (!closed && repairing.compareAndSet(false, true)) {
            background.execute(this::repair);
        }
    }

    private void repair() {
        try {
            while (missing.getAndSet(false)) {
                for (Route route : routes.all()) {
                    open(route.map());
                }
            }
        } catch (RuntimeException e) {
            log.warn("public ports cannot be opened now, trying again: {}", e.getMessage());
        } finally {
            repairing.set(false);
        }
        if (missing.get()) {
            openMissing();
        }
    }

    // ---- figures ----

    /** Player connections that stand now. */
    public int sessions() {
        return sessions.size();
    }

    /** Map ports that are listened at. */
    public int openPorts() {
        return listening.size();
    }

    @Override
    public void close() {
        closed = true;
        listening.values().forEach(channel -> channel.close().awaitUninterruptibly());
        sessions.forEach(session -> session.player.close());
        background.shutdownNow();
    }
}
