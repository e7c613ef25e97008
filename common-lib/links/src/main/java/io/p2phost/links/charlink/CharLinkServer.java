package io.p2phost.links.charlink;

import io.netty.channel.Channel;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.KeptStreams;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkSockets;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.Door;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.net.LoopsByAddress;
import io.p2phost.links.tls.RotatingTls;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
    private final ConcurrentHashMap<Key, KeptLink> broken = new ConcurrentHashMap<>();
    private final Histories histories = new Histories();
    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanoTime = System::nanoTime;
    private final Set<CharLinkServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Key, CharLinkServerConnection> links = new ConcurrentHashMap<>();
    private volatile @Nullable Channel listening;
    private volatile boolean closed;

    /**
     * How a server behaves.
     *
     * @param limits who may connect how often
     * @param maxEntering connections at once that have not proven by TLS whose they are
     * @param resumeWithin how long the streams of a link that broke wait for its host
     */
    public record Options(LinkSettings settings, AddressLimits.Rules limits, int maxEntering, Duration resumeWithin) {
        public Options {
            settings = settings.withMaxStreams(1);
        }

        /** Streams wait as long as the route lease is. */
        public Options(LinkSettings settings, AddressLimits.Rules limits) {
            this(settings, limits, LinkSockets.MOST_ENTERING, Duration.ofSeconds(3));
        }
    }

    private record Key(HostId host, MapName map) {
        static Key of(CharLinkHello hello) {
            return new Key(hello.host(), hello.map());
        }
    }

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
                        new Door.At(bind),
                        new LoopsByAddress(transport.group()),
                        new AddressLimits(options.limits(), nanoTime),
                        options.maxEntering(),
                        metrics,
                        () -> new CharLinkServerConnection(this));
        listening = channel;
        return (InetSocketAddress) channel.localAddress();
    }

    /**
     * Cuts every link of the map below that epoch, after telling it, but standbys, which act for nobody; one that is
     * just being judged is refused whatever the authoriser says. Call it once the new epoch is in effect.
     *
     * @return completes when the last of them hands nothing on any more
     */
    public CompletableFuture<Void> fence(MapName map, Epoch currentEpoch) {
        Stream<CompletableFuture<Void>> standing =
                connections.stream().map(connection -> connection.fence(map, currentEpoch));
        // After the standing ones: a link that breaks meanwhile is found here, or by its own fence.
        return CompletableFuture.allOf(Stream.concat(
                        standing.toList().stream(), cutKept(kept -> kept.fencedBy(map, currentEpoch)).stream())
                .toArray(CompletableFuture[]::new));
    }

    /** A host owns the map from that epoch on: its standby's link goes on as that of the map's server, cell and all. */
    public void promote(HostId host, MapName map, Epoch epoch) {
        CharLinkServerConnection link = links.get(new Key(host, map));
        if (link != null) {
            link.promote(epoch);
        }
        broken.computeIfPresent(new Key(host, map), (key, kept) -> kept.promoted(epoch));
    }

    /** Cuts every link of a host, e.g. because it is blacklisted. */
    public void cut(HostId host, GoAwayCode code) {
        connections.forEach(connection -> connection.cutIfOf(host, code));
        cutKept(kept -> kept.isOf(host));
    }

    /** Ends a host's link for a map on which nothing that was sent is taken. It may come again. */
    public void stalled(HostId host, MapName map) {
        CharLinkServerConnection link = links.get(new Key(host, map));
        if (link != null) {
            link.stalled();
        }
    }

    /** The claims of all links that work now. */
    public Collection<CharLinkHello> links() {
        return links.values().stream().map(CharLinkServerConnection::hello).toList();
    }

    /** Those of these hosts that have a link that works now, and how long each has been silent on all of them. */
    public Map<HostId, Duration> silences(Set<HostId> hosts) {
        Map<HostId, Duration> silences = new HashMap<>();
        for (CharLinkServerConnection link : links.values()) {
            HostId host = link.hello().host();
            if (hosts.contains(host)) {
                link.silence()
                        .ifPresent(silence -> silences.merge(host, silence, (a, b) -> a.compareTo(b) < 0 ? a : b));
            }
        }
        return silences;
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
        broken.values().forEach(kept -> kept.streams().onLoop(() -> lose(kept)));
    }

    // ---- links that broke; each on its loop ----

    /** Streams of a link that broke wait for its host. */
    void keep(KeptLink kept) {
        KeptLink older = broken.put(Key.of(kept.hello()), kept);
        if (older != null) {
            older.streams().onLoop(older.streams()::lose);
        }
        kept.streams().after(options.resumeWithin(), () -> lose(kept));
        if (closed) {
            lose(kept);
        }
    }

    private void lose(KeptLink kept) {
        if (forget(kept)) {
            kept.streams().lose();
        }
    }

    /** Whether it was still waiting, promoted meanwhile or not. */
    private boolean forget(KeptLink kept) {
        Key key = Key.of(kept.hello());
        for (KeptLink now = broken.get(key); now != null && now.streams() == kept.streams(); now = broken.get(key)) {
            if (broken.remove(key, now)) {
                return true;
            }
        }
        return false;
    }

    /** Ends waiting streams on purpose; what completes when they have ended. */
    List<CompletableFuture<Void>> cutKept(Predicate<KeptLink> which) {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (KeptLink kept : broken.values()) {
            if (which.test(kept)) {
                CompletableFuture<Void> ended = new CompletableFuture<>();
                done.add(ended);
                boolean queued = kept.streams().onLoop(() -> {
                    if (forget(kept)) {
                        kept.streams().cut();
                    }
                    ended.complete(null);
                });
                if (!queued) {
                    ended.complete(null);
                }
            }
        }
        return done;
    }

    /** The claim to judge: that of the link which the token resumes may have been promoted since it was made. */
    CharLinkHello inForce(CharLinkHello claim, ResumeToken token) {
        KeptLink kept = broken.get(Key.of(claim));
        if (kept != null && kept.resumedBy(claim, token)) {
            return kept.hello();
        }
        CharLinkServerConnection standing = links.get(Key.of(claim));
        return standing != null && standing.resumedBy(claim, token) ? standing.hello() : claim;
    }

    /**
     * The streams that a host may go on with: of its link that broke, or of one whose end has not been noticed here.
     * Null when the token is not theirs, the claim is not the same, or they live on another loop.
     *
     * @param claim as it came
     * @param judged the one in force, which was judged
     */
    @Nullable
    KeptStreams takeOver(CharLinkHello claim, CharLinkHello judged, ResumeToken token) {
        KeptLink kept = broken.get(Key.of(claim));
        if (kept != null && kept.resumedBy(claim, token) && kept.hello().equals(judged) && forget(kept)) {
            return kept.streams();
        }
        CharLinkServerConnection standing = links.get(Key.of(claim));
        return standing != null
                        && standing.resumedBy(claim, token)
                        && standing.hello().equals(judged)
                ? standing.handOver()
                : null;
    }

    ResumeToken newToken() {
        return ResumeToken.of(random);
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
        CharLinkServerConnection older = links.put(Key.of(hello), connection);
        if (older != null) {
            older.cut(GoAwayCode.REPLACED, CloseReason.REPLACED);
        }
        KeptLink kept = broken.get(Key.of(hello));
        if (kept != null) {
            kept.streams().onLoop(() -> lose(kept));
        }
    }

    void gone(CharLinkServerConnection connection, @Nullable CharLinkHello hello) {
        connections.remove(connection);
        if (hello != null) {
            links.remove(Key.of(hello), connection);
        }
    }
}
