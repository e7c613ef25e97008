package io.p2phost.links.tunnel;

import io.netty.channel.Channel;
import io.p2phost.contracts.HostId;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkSockets;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.Door;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.ListeningSocket;
import io.p2phost.links.net.LoopsByAddress;
import io.p2phost.links.tls.RotatingTls;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The relay's end of all tunnels: accepts hosts by certificate and live state, keeps the newest tunnel of each. An older
 * tunnel of a host ends as {@link CloseReason#REPLACED}, unless the newer connection takes the place of one of its own.
 * Thread-safe.
 */
public final class TunnelServer implements AutoCloseable {
    private final Options options;
    private final RotatingTls tls;
    private final LinkTransport transport;
    private final TunnelAuthoriser authoriser;
    private final TunnelServerListener listener;
    private final LinkMetrics metrics;
    private final ConcurrentHashMap<HostId, HostTunnel> tunnels = new ConcurrentHashMap<>();
    private final Set<TunnelServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanoTime;
    private volatile @Nullable ListeningSocket listening;
    private final LoopsByAddress loops;
    private volatile boolean closed;
    private volatile boolean paused;

    /**
     * How a server behaves.
     *
     * @param relayId told to agents
     * @param limits who may connect how often
     * @param maxEntering connections at once that have not proven by TLS whose they are
     * @param resumeWithin how long the streams of a connection that broke wait for another
     * @param connections most connections of one tunnel
     * @param keyChange how long a connection lives before another takes its place, with new keys
     */
    public record Options(
            String relayId,
            LinkSettings settings,
            AddressLimits.Rules limits,
            int maxEntering,
            Duration resumeWithin,
            int connections,
            Duration keyChange) {
        /** Streams wait as long as the route lease is; four connections, new keys each hour. */
        public Options(String relayId, LinkSettings settings, AddressLimits.Rules limits) {
            this(relayId, settings, limits, LinkSockets.MOST_ENTERING, Duration.ofSeconds(3), 4, Duration.ofHours(1));
        }
    }

    public TunnelServer(
            Options options,
            RotatingTls tls,
            LinkTransport transport,
            TunnelAuthoriser authoriser,
            TunnelServerListener listener,
            LinkMetrics metrics) {
        this.options = options;
        this.tls = tls;
        this.transport = transport;
        this.loops = new LoopsByAddress(transport.group());
        this.authoriser = authoriser;
        this.listener = listener;
        this.metrics = metrics;
        this.nanoTime = System::nanoTime;
    }

    /** Listens; returns the bound address, with the real port when 0 was asked for. A taken address is thrown. */
    public InetSocketAddress start(InetSocketAddress bind) {
        return start(new Door.At(bind));
    }

    /** As {@link #start(InetSocketAddress)}, or goes on with a socket that listens already. */
    public InetSocketAddress start(Door door) {
        LinkSockets sockets = new LinkSockets(transport, tls, options.settings().handshakeTimeout());
        Channel channel = sockets.listen(
                door,
                loops,
                new AddressLimits(options.limits(), nanoTime),
                options.maxEntering(),
                metrics,
                () -> new TunnelServerConnection(this));
        listening = new ListeningSocket(channel);
        return (InetSocketAddress) channel.localAddress();
    }

    /** The newest tunnel of a host; see {@link Tunnel#isUp}. */
    public Optional<Tunnel> tunnel(HostId host) {
        return Optional.ofNullable(tunnels.get(host));
    }

    /** All tunnels, those that wait for their hosts included. */
    public Collection<Tunnel> tunnels() {
        return List.copyOf(tunnels.values());
    }

    /** How long a host with a live tunnel has been silent. */
    public Optional<Duration> silence(HostId host) {
        return Optional.ofNullable(tunnels.get(host)).flatMap(HostTunnel::silence);
    }

    /** Number of tunnels that are up. */
    public int size() {
        return (int) tunnels.values().stream().filter(Tunnel::isUp).count();
    }

    /** Cuts every connection of a host, those not yet admitted included. */
    public void cut(HostId host, GoAwayCode code) {
        for (TunnelServerConnection connection : connections) {
            if (host.equals(connection.hostOrNull())) {
                connection.cut(code, CloseReason.CUT);
            }
        }
        HostTunnel tunnel = tunnels.get(host);
        if (tunnel != null) {
            // Its streams may wait, without a connection.
            tunnel.cut(code, CloseReason.CUT);
        }
    }

    // ---- from one process to the next ----

    /** The socket that is listened at. */
    public Channel listening() {
        return door().channel();
    }

    private ListeningSocket door() {
        return Objects.requireNonNull(listening, "tunnels: not started yet (expected: listening)");
    }

    /**
     * Ends all connections so that another process can go on with their streams: hosts come back at once. Nobody is
     * admitted until {@link #goOn}. Completes when nothing comes out of any stream any more.
     */
    public CompletableFuture<Void> pause() {
        paused = true;
        return door().pause(loops)
                .thenCompose(resting -> CompletableFuture.allOf(tunnels.values().stream()
                        .map(tunnel -> tunnel.submit(() -> {
                            tunnel.pause();
                            return true;
                        }))
                        .toArray(CompletableFuture[]::new)));
    }

    /**
     * What another process needs, once paused.
     *
     * @param names what it calls each stream; negative: it does not get it
     */
    public CompletableFuture<List<TunnelImage>> images(ToIntFunction<LinkStream> names) {
        List<CompletableFuture<TunnelImage>> all = tunnels.values().stream()
                .map(tunnel -> tunnel.submit(() -> tunnel.image(names)))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
    }

    /** Nobody took over: hosts are admitted again, and waited for as after a break. */
    public void goOn() {
        paused = false;
        tunnels.values()
                .forEach(tunnel -> tunnel.submit(() -> {
                    tunnel.goOn();
                    return true;
                }));
        door().goOn();
    }

    /**
     * Takes a tunnel of another process on: its host is waited for as after a break. To be called before {@link #start},
     * which has to wait until this completes.
     *
     * @param listeners whose stream each is, by its name; null: nobody's
     */
    public CompletableFuture<Void> takeOn(TunnelImage image, IntFunction<@Nullable StreamListener> listeners) {
        HostTunnel tunnel = new HostTunnel(this, image.host(), loops.of(image.peer()));
        tunnels.put(image.host(), tunnel);
        return CompletableFuture.allOf(tunnel.submit(() -> {
            tunnel.goOnFrom(image, listeners);
            return true;
        }));
    }

    /** Stops listening and says goodbye to every host. The transport stays with its owner. */
    @Override
    public void close() {
        closed = true;
        ListeningSocket socket = listening;
        if (socket != null) {
            socket.channel().close().syncUninterruptibly();
        }
        for (TunnelServerConnection connection : new ArrayList<>(connections)) {
            connection.cut(GoAwayCode.SHUTDOWN, CloseReason.SHUTDOWN);
        }
        tunnels.values().forEach(tunnel -> tunnel.cut(GoAwayCode.SHUTDOWN, CloseReason.SHUTDOWN));
    }

    // ---- for the connections ----

    Options options() {
        return options;
    }

    TunnelAuthoriser authoriser() {
        return authoriser;
    }

    TunnelServerListener listener() {
        return listener;
    }

    LinkMetrics metrics() {
        return metrics;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isPaused() {
        return paused;
    }

    void known(TunnelServerConnection connection) {
        connections.add(connection);
    }

    void gone(TunnelServerConnection connection) {
        connections.remove(connection);
    }

    ResumeToken newToken() {
        return ResumeToken.of(random);
    }

    // ---- for the tunnels ----

    @Nullable
    HostTunnel standing(HostId host) {
        return tunnels.get(host);
    }

    /** This one is the host's from now on. */
    void took(HostTunnel tunnel) {
        HostTunnel older = tunnels.put(tunnel.host(), tunnel);
        if (older != null) {
            older.cut(GoAwayCode.REPLACED, CloseReason.REPLACED);
        }
    }

    void gone(HostTunnel tunnel) {
        tunnels.remove(tunnel.host(), tunnel);
    }
}
