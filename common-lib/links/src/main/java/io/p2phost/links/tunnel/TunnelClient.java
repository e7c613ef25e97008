package io.p2phost.links.tunnel;

import io.netty.channel.EventLoop;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Backoff;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkSockets;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A host's tunnel to one relay. Once started it stays connected as well as it can: attempts follow each other with
 * exponential backoff and jitter until {@link #close}. Thread-safe; nothing blocks but {@link #close}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the schedule ends with the loop
public final class TunnelClient implements AutoCloseable {
    /** A tunnel that lasted this long was good: the next loss is retried at once again. */
    private static final Duration STABLE_AFTER = Duration.ofSeconds(5);

    private final Options options;
    private final TunnelClientListener listener;
    private final LinkMetrics metrics;
    private final EventLoop loop;
    private final Backoff backoff;
    private final Dialer dialer;
    private final LinkSockets sockets;
    private final LongSupplier nanoTime = System::nanoTime;

    private volatile @Nullable TunnelClientConnection current;
    private volatile boolean closed;
    private boolean started;
    private long connectedAt;

    /**
     * How a client behaves.
     *
     * @param relay address of the relay's tunnel port; resolved anew at each attempt when it is unresolved
     * @param software name and version of this program, for the relay's log
     * @param firstRetry first step of the backoff
     * @param maxRetry last step of the backoff
     */
    public record Options(
            InetSocketAddress relay, String software, LinkSettings settings, Duration firstRetry, Duration maxRetry) {
        /** Retries from 200 ms to 5 s. */
        public static Options of(InetSocketAddress relay, String software) {
            return new Options(relay, software, LinkSettings.defaults(), Duration.ofMillis(200), Duration.ofSeconds(5));
        }

        public Options withSettings(LinkSettings other) {
            return new Options(relay, software, other, firstRetry, maxRetry);
        }

        public Options withRetry(Duration first, Duration max) {
            return new Options(relay, software, settings, first, max);
        }
    }

    public TunnelClient(
            Options options,
            RotatingTls tls,
            LinkTransport transport,
            TunnelClientListener listener,
            LinkMetrics metrics) {
        this.options = options;
        this.listener = listener;
        this.metrics = metrics;
        this.loop = transport.group().next();
        this.backoff = new Backoff(options.firstRetry(), options.maxRetry(), new Random());
        this.dialer = new Dialer(transport, options.settings().handshakeTimeout());
        this.sockets = new LinkSockets(transport, tls, options.settings().handshakeTimeout());
    }

    /** Begins to connect; calling it again does nothing. */
    public void start() {
        loop.execute(() -> {
            if (!started) {
                started = true;
                connect();
            }
        });
    }

    /** Whether the tunnel works now. */
    public boolean isConnected() {
        return current != null;
    }

    /**
     * Tells the relay whether this host's cell of the map can take players.
     *
     * @return false when there is no tunnel; say it again in {@link TunnelClientListener#connected}
     */
    public boolean ready(MapName map, Epoch epoch, boolean ready, String detail) {
        TunnelClientConnection tunnel = current;
        return tunnel != null && tunnel.tell(new Frame.Ready(map, epoch, ready, detail));
    }

    /** Streams of one map open now. */
    public int streams(MapName map) {
        TunnelClientConnection tunnel = current;
        return tunnel == null ? 0 : tunnel.streams(map);
    }

    /** Streams of all maps open now. */
    public int streams() {
        TunnelClientConnection tunnel = current;
        return tunnel == null ? 0 : tunnel.streams();
    }

    /** Resets the map's streams that were opened below an epoch: this host no longer serves them. */
    public void drop(MapName map, Epoch below, ResetCode code) {
        TunnelClientConnection tunnel = current;
        if (tunnel != null) {
            tunnel.drop(map, below, code);
        }
    }

    /** Says goodbye and stops; waits until the connection is gone, a second at most. Not to be called on a loop. */
    @Override
    public void close() {
        closed = true;
        try {
            loop.submit(() -> {
                        TunnelClientConnection tunnel = current;
                        if (tunnel != null) {
                            tunnel.leave();
                        }
                    })
                    .awaitUninterruptibly(1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            // The transport is closed already, and the tunnel with it.
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        sockets.connect(loop, options.relay(), new TunnelClientConnection(this));
    }

    // ---- for the connection, on the loop ----

    Options options() {
        return options;
    }

    TunnelClientListener listener() {
        return listener;
    }

    LinkMetrics metrics() {
        return metrics;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    Dialer dialer() {
        return dialer;
    }

    void established(TunnelClientConnection tunnel, String relayId) {
        if (closed) {
            tunnel.leave();
            return;
        }
        connectedAt = nanoTime.getAsLong();
        current = tunnel;
        listener.connected(relayId);
    }

    void ended(TunnelClientConnection tunnel, CloseReason reason, boolean wasEstablished, @Nullable GoAwayCode code) {
        if (current == tunnel) {
            current = null;
        }
        if (closed) {
            return;
        }
        if (wasEstablished && nanoTime.getAsLong() - connectedAt >= STABLE_AFTER.toNanos()) {
            backoff.reset();
        }
        long delay = code == GoAwayCode.BLACKLISTED ? options.maxRetry().toMillis() : backoff.nextMillis();
        listener.disconnected(reason, Duration.ofMillis(delay));
        loop.schedule(this::connect, delay, TimeUnit.MILLISECONDS);
    }
}
