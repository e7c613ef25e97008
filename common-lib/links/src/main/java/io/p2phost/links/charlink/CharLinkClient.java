package io.p2phost.links.charlink;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.p2phost.contracts.Epoch;
import io.p2phost.links.Backoff;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.RefusalReason;
import io.p2phost.links.frame.ResumeToken;
import io.p2phost.links.mux.KeptStreams;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.LinkSockets;
import io.p2phost.links.mux.StreamPipe;
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
 * A host's char link for one map: claims (map, epoch) at db-proxy, keeps the link alive, and takes the cell that comes to
 * its {@link CellDoor} there. It reconnects with backoff until it is closed, fenced, or refused for good. Thread-safe; only
 * {@link #close} blocks, shortly.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the schedule ends with the loop
public final class CharLinkClient implements AutoCloseable {
    /** A link that lasted this long was good: the next loss is retried at once again. */
    private static final Duration STABLE_AFTER = Duration.ofSeconds(5);

    private final Options options;
    private final CellDoor door;
    private final CharLinkClientListener listener;
    private final LinkMetrics metrics;
    private final EventLoop loop;
    private final Backoff backoff;
    private final LinkSockets sockets;
    private final LongSupplier nanoTime = System::nanoTime;

    private volatile @Nullable CharLinkClientConnection current;
    private volatile boolean stopped;
    private long acceptedAt;

    // On the loop: streams of the link before, which wait for the next, and what they are asked for with.
    private @Nullable KeptStreams kept;
    private ResumeToken token = ResumeToken.NONE;

    /**
     * How a client behaves.
     *
     * @param dbProxy address of db-proxy's char-link port
     * @param hello the claim
     * @param firstRetry first step of the backoff
     * @param maxRetry last step of the backoff
     * @param resumeWithin how long the cell's connection waits for the link to come back
     */
    public record Options(
            InetSocketAddress dbProxy,
            CharLinkHello hello,
            LinkSettings settings,
            Duration firstRetry,
            Duration maxRetry,
            Duration resumeWithin) {
        public Options {
            settings = settings.withMaxStreams(1);
        }

        /** Retries from 200 ms to 5 s. */
        public static Options of(InetSocketAddress dbProxy, CharLinkHello hello) {
            return new Options(
                    dbProxy,
                    hello,
                    LinkSettings.defaults(),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3));
        }

        public Options withSettings(LinkSettings other) {
            return new Options(dbProxy, hello, other, firstRetry, maxRetry, resumeWithin);
        }

        public Options withRetry(Duration first, Duration max) {
            return new Options(dbProxy, hello, settings, first, max, resumeWithin);
        }

        public Options withResumeWithin(Duration time) {
            return new Options(dbProxy, hello, settings, firstRetry, maxRetry, time);
        }
    }

    public CharLinkClient(
            Options options,
            CellDoor door,
            RotatingTls tls,
            LinkTransport transport,
            CharLinkClientListener listener,
            LinkMetrics metrics) {
        this.options = options;
        this.door = door;
        this.listener = listener;
        this.metrics = metrics;
        this.loop = door.loop();
        this.backoff = new Backoff(options.firstRetry(), options.maxRetry(), new Random());
        this.sockets = new LinkSockets(transport, tls, options.settings().handshakeTimeout());
    }

    /** Begins to connect. Call it once. */
    public void start() {
        loop.execute(() -> {
            door.lead(this);
            connect();
        });
    }

    /** Whether db-proxy holds the claim for true now. */
    public boolean isAccepted() {
        return current != null;
    }

    /** Ends the link; waits a second at most. Not to be called on a loop. */
    @Override
    public void close() {
        try {
            loop.submit(() -> {
                        CharLinkClientConnection link = current;
                        stop();
                        if (link != null) {
                            link.leave();
                        }
                    })
                    .awaitUninterruptibly(1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            // The transport is closed already, and the link with it.
        }
    }

    // ---- on the loop ----

    /** A cell for the link that is there. */
    void join(SocketChannel cell) {
        CharLinkClientConnection link = current;
        if (link == null) {
            cell.close();
            return;
        }
        StreamPipe pipe = new StreamPipe(cell);
        cell.pipeline().addLast(new FirstAnswer(this::answered), pipe);
        link.join(pipe);
        cell.closeFuture().addListener(closed -> {
            if (current != null && !stopped) {
                listener.cellLeft();
            }
        });
    }

    private void answered() {
        if (!stopped) {
            listener.cellAnswered();
        }
    }

    /** Tells that db-proxy has begun to answer a cell. */
    static final class FirstAnswer extends ChannelOutboundHandlerAdapter {
        private final Runnable answered;

        FirstAnswer(Runnable answered) {
            this.answered = answered;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            boolean answer = message instanceof ByteBuf bytes && bytes.isReadable();
            ctx.write(message, promise);
            if (answer) {
                ctx.pipeline().remove(this);
                answered.run();
            }
        }
    }

    private void connect() {
        if (!stopped) {
            sockets.connect(loop, options.dbProxy(), new CharLinkClientConnection(this));
        }
    }

    private void stop() {
        stopped = true;
        loseKept();
        door.part(this);
    }

    // ---- for the connection, on the loop ----

    Options options() {
        return options;
    }

    LinkMetrics metrics() {
        return metrics;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    boolean keeps() {
        return !stopped;
    }

    /** Streams of the link that broke; they are lost after a while. */
    void keep(KeptStreams streams) {
        kept = streams;
        streams.after(options.resumeWithin(), () -> {
            if (kept == streams) {
                loseKept();
            }
        });
    }

    @Nullable
    KeptStreams kept() {
        return kept;
    }

    ResumeToken token() {
        return token;
    }

    private void loseKept() {
        KeptStreams streams = kept;
        if (streams != null) {
            kept = null;
            streams.lose();
        }
    }

    void accepted(CharLinkClientConnection link, boolean resumed, ResumeToken next) {
        token = next;
        if (resumed) {
            kept = null;
        } else {
            loseKept();
        }
        if (stopped) {
            link.leave();
            return;
        }
        acceptedAt = nanoTime.getAsLong();
        current = link;
        listener.accepted();
        door.open(this);
    }

    void refused(RefusalReason reason, Epoch currentEpoch, String detail) {
        if (stopped) {
            return;
        }
        if (!reason.retryable()) {
            stop();
        }
        listener.refused(reason, currentEpoch, detail);
    }

    void fenced(Epoch currentEpoch) {
        if (!stopped) {
            stop();
            current = null;
            listener.fenced(currentEpoch);
        }
    }

    void ended(CharLinkClientConnection link, CloseReason reason) {
        if (current == link) {
            current = null;
            if (nanoTime.getAsLong() - acceptedAt >= STABLE_AFTER.toNanos()) {
                backoff.reset();
            }
        }
        if (!stopped) {
            long delay = backoff.nextMillis();
            listener.disconnected(reason, Duration.ofMillis(delay));
            loop.schedule(this::connect, delay, TimeUnit.MILLISECONDS);
        }
    }
}
