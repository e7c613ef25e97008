package io.p2phost.links.charlink;

import io.netty.channel.Channel;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkSockets;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * db-proxy's end of all char links. A host has at most one link per map: a newer one takes over. Thread-safe.
 */
public final class CharLinkServer implements AutoCloseable {
    private final Options options;
    private final RotatingTls tls;
    private final LinkTransport transport;
    private final CharLinkAuthoriser authoriser;
    private final CharLinkServerListener listener;
    private final LinkMetrics metrics;
    private final Histories histories = new Histories();
    private final LongSupplier nanoTime = System::nanoTime;
    private final Set<CharLinkServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Key, CharLinkServerConnection> links = new ConcurrentHashMap<>();
    private volatile @Nullable Channel listening;
    private volatile boolean closed;

    /**
     * How a server behaves.
     *
     * @param limits who may connect how often
     */
    public record Options(LinkSettings settings, AddressLimits.Rules limits) {
        public Options {
            settings = settings.withMaxStreams(1);
        }
    }

    private record Key(HostId host, MapName map) {}

    public CharLinkServer(
            Options options,
            RotatingTls tls,
            LinkTransport transport,
            CharLinkAuthoriser authoriser,
            CharLinkServerListener listener,
            LinkMetrics metrics) {
        this.options = options;
        this.tls = tls;
        this.transport = transport;
        this.authoriser = authoriser;
        this.listener = listener;
        this.metrics = metrics;
    }

    /** Listens; returns the bound address, with the real port when 0 was asked for. */
    public InetSocketAddress start(InetSocketAddress bind) {
        Channel channel = new LinkSockets(transport, tls, options.settings().handshakeTimeout())
                .listen(
                        bind,
                        new AddressLimits(options.limits(), nanoTime),
                        metrics,
                        () -> new CharLinkServerConnection(this));
        listening = channel;
        return (InetSocketAddress) channel.localAddress();
    }

    /**
     * Cuts every link of the map below that epoch, after telling it, but standbys, which act for nobody; one that is just being judged is refused whatever
     * the authoriser says. Call it once the new epoch is in effect.
     *
     * @return completes when the last of them hands nothing on any more
     */
    public CompletableFuture<Void> fence(MapName map, Epoch currentEpoch) {
        return CompletableFuture.allOf(connections.stream()
                .map(connection -> connection.fence(map, currentEpoch))
                .toArray(CompletableFuture[]::new));
    }

    /** A host owns the map from that epoch on: its standby's link goes on as that of the map's server, cell and all. */
    public void promote(HostId host, MapName map, Epoch epoch) {
        CharLinkServerConnection link = links.get(new Key(host, map));
        if (link != null) {
            link.promote(epoch);
        }
    }

    /** Cuts every link of a host, e.g. because it is blacklisted. */
    public void cut(HostId host, GoAwayCode code) {
        connections.forEach(connection -> connection.cutIfOf(host, code));
    }

    /** The claims of all links that work now. */
    public Collection<CharLinkHello> links() {
        return links.values().stream().map(CharLinkServerConnection::hello).toList();
    }

    /** Number of links that work now. */
    public int size() {
        return links.size();
    }

    /** Stops listening and says goodbye to every host. The transport stays with its owner. */
    @Override
    public void close() {
        closed = true;
        Channel channel = listening;
        if (channel != null) {
            channel.close().syncUninterruptibly();
        }
        for (CharLinkServerConnection connection : new ArrayList<>(connections)) {
            connection.cut(GoAwayCode.SHUTDOWN, CloseReason.SHUTDOWN);
        }
    }

    // ---- for the connections ----

    Options options() {
        return options;
    }

    CharLinkAuthoriser authoriser() {
        return authoriser;
    }

    CharLinkServerListener listener() {
        return listener;
    }

    LinkMetrics metrics() {
        return metrics;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    Histories histories() {
        return histories;
    }

    boolean isClosed() {
        return closed;
    }

    void known(CharLinkServerConnection connection) {
        connections.add(connection);
    }

    void established(CharLinkServerConnection connection) {
        CharLinkHello hello = connection.hello();
        CharLinkServerConnection older = links.put(new Key(hello.host(), hello.map()), connection);
        if (older != null) {
            older.cut(GoAwayCode.REPLACED, CloseReason.REPLACED);
        }
    }

    void gone(CharLinkServerConnection connection, @Nullable CharLinkHello hello) {
        connections.remove(connection);
        if (hello != null) {
            links.remove(new Key(hello.host(), hello.map()), connection);
        }
    }
}
