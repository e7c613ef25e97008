package io.p2phost.links.mux;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.RoundTrip;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.Frames;
import io.p2phost.links.frame.ProtocolException;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.tls.PeerIdentity;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last handler of a link's pipeline: TLS identity, hello, liveness, control frames and streams. Subclasses are one
 * side of one protocol; they live as long as their connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled here
public abstract class LinkConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(LinkConnection.class);

    /** How long a peer may take to hear the last frame and to close. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final LinkSettings settings;
    private final LinkMetrics metrics;
    private final LongSupplier nanoTime;

    private @Nullable ChannelHandlerContext ctx;
    private volatile @Nullable StreamMux mux;
    private volatile @Nullable Liveness liveness;
    private @Nullable Future<?> deadline;
    private volatile boolean established;
    private Runnable whenSecured = () -> {};
    private boolean answered;
    private volatile @Nullable CloseReason ended;

    protected LinkConnection(LinkSettings settings, LinkMetrics metrics, LongSupplier nanoTime) {
        this.settings = settings;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    // ---- what a side of a protocol adds ----

    /**
     * TLS is done. Returns whether the peer is the right one; the accepting side then waits for a hello, the connecting
     * side sends it.
     */
    protected abstract boolean secured(Optional<PeerIdentity> peer);

    /** A frame before the link is established. */
    protected abstract void beginning(Frame frame);

    /** A frame of an established link that is not about liveness or an open stream. */
    protected abstract void control(Frame frame);

    /** The peer wants a stream; answer by {@link #forward}, {@link #take} or {@link #refuse}. */
    protected void open(Frame.Open frame) {
        throw ProtocolException.UNEXPECTED;
    }

    /** Whether the streams of this link, which ends so, shall wait for another link. */
    protected boolean keeps(CloseReason reason) {
        return false;
    }

    /** Nothing was heard for half of the lease; called once until something is. */
    protected void quiet() {}

    /** They wait; {@link #ended} follows. */
    protected void kept(KeptStreams streams) {}

    /** The link is over, called exactly once on the event loop; {@code wasEstablished} tells whether it ever worked. */
    protected abstract void ended(CloseReason reason, boolean wasEstablished);

    // ---- state ----

    protected final LinkSettings settings() {
        return settings;
    }

    protected final LinkMetrics metrics() {
        return metrics;
    }

    protected final boolean isEstablished() {
        return established;
    }

    protected final boolean isEnded() {
        return ended != null;
    }

    /** Streams open now. Any thread. */
    public final int streams() {
        StreamMux streams = mux;
        return streams == null ? 0 : streams.size();
    }

    /** Streams of one map open now. Any thread. */
    public final int streams(MapName map) {
        StreamMux streams = mux;
        return streams == null ? 0 : streams.size(map);
    }

    /** The peer's socket address, or null before the connection is made. */
    protected final @Nullable SocketAddress peerAddress() {
        return ctx == null ? null : ctx.channel().remoteAddress();
    }

    protected final ChannelHandlerContext ctx() {
        if (ctx == null) {
            throw new IllegalStateException("link: not connected yet (expected: in a pipeline)");
        }
        return ctx;
    }

    final StreamMux mux() {
        StreamMux streams = mux;
        if (streams == null) {
            throw new IllegalStateException("link: not connected yet (expected: in a pipeline)");
        }
        return streams;
    }

    /** The receive window in the peer's hello; one out of bounds is a protocol error. */
    protected final void peerWindow(int bytes) {
        mux().peerWindow(bytes);
    }

    /**
     * What the two hellos say about PACKED frames: how many bytes of them each side remembers, or
     * {@link Frame#UNPACKED}.
     */
    protected final void packing(int peerHistory, int ownHistory) {
        mux().packing(peerHistory, ownHistory);
    }

    /**
     * Streams of this link may go on over another; before it is established.
     *
     * @param many they are many: those that are being opened go on too, and nothing is kept for long
     */
    protected final void resumable(boolean many) {
        mux().resumable(many);
    }

    /** This link goes on with the streams of another, on their loop; before the peer's window and packing are told. */
    protected final void adopt(KeptStreams kept) {
        mux = kept.streams();
    }

    /** Whether this is the link's loop. Any thread. */
    protected final boolean inLoop() {
        return ctx().executor().inEventLoop();
    }

    /** Whether a frame has come since it was established: the peer knows that it was. Event loop only. */
    protected final boolean isAnswered() {
        return answered;
    }

    /** Whether the peer has said which streams it has, if it had to. Event loop only. */
    protected final boolean streamsKnown() {
        return !mux().awaitsStreams();
    }

    /** Tells the peer of the streams of another link that this one goes on with; once it is established. */
    protected final void resume() {
        mux().attach(ctx(), this);
    }

    /** What runs once it is known whose it is, on its loop; to be set before it has a channel. */
    final void whenSecured(Runnable task) {
        whenSecured = task;
    }

    /** Both hellos are exchanged: streams and liveness begin. */
    protected final void establish() {
        if (ended != null) {
            return;
        }
        cancelDeadline();
        established = true;
        metrics.opened();
        liveness = new Liveness(this, settings, nanoTime);
        liveness.start(ctx());
    }

    /** How long the peer has been silent; nothing while the link is not established. From any thread. */
    public final Optional<Duration> silence() {
        Liveness lease = liveness;
        return lease == null || !established ? Optional.empty() : Optional.of(lease.silence());
    }

    /** How far the peer is; nothing before it was measured. From any thread. */
    public final Optional<RoundTrip> measured() {
        Liveness lease = liveness;
        return lease == null ? Optional.empty() : Optional.ofNullable(lease.trip());
    }

    // ---- sending ----

    /** Runs on the event loop: at once when already there; false when the loop has ended. */
    protected final boolean onLoop(Runnable task) {
        ChannelHandlerContext context = ctx();
        if (context.executor().inEventLoop()) {
            task.run();
            return true;
        }
        try {
            context.executor().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs on the event loop behind everything that other threads have asked for before. */
    protected final void onLoopLater(Runnable task) {
        try {
            ctx().executor().execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and the link with it.
        }
    }

    /** Sends a control frame ahead of queued stream bytes. Event loop only. */
    protected final void send(Frame frame) {
        if (ended != null) {
            return;
        }
        ChannelHandlerContext context = ctx();
        if (!context.channel().isActive()) {
            // It has just broken, and says so next. Nothing can be sent, but nobody piles anything up either.
            return;
        }
        if (context.channel().bytesBeforeWritable() > settings.controlLimit()) {
            // The peer makes us answer and does not read the answers.
            metrics.dropped(ProtocolException.CONTROL_BACKLOG.reason());
            end(CloseReason.PROTOCOL, true);
            return;
        }
        context.writeAndFlush(Frames.encode(context.alloc(), frame), context.newPromise());
    }

    /** Opens a stream to the peer, from any thread; a link that has ended closes the stream at once. */
    protected final void openStream(MapName map, Epoch epoch, int source, Bytes first, StreamListener listener) {
        if (!onLoop(() -> mux().open(map, epoch, source, first, listener, established && ended == null))) {
            mux().open(map, epoch, source, first, listener, false);
        }
    }

    /**
     * Connects the stream of an OPEN to an address, from the source that it names, as soon as there is a place; tells the
     * peer once it is reached, or that it is not.
     */
    protected final void forward(Frame.Open frame, Dialer dialer, DialPlaces places, SocketAddress target) {
        Forwarding forwarding = new Forwarding(
                ctx().channel().eventLoop(), mux(), metrics, dialer, places, target, () -> targetUnreachable(frame));
        forwarding.begin(mux().accept(frame, forwarding));
    }

    /** Gives the stream of an OPEN to a target on this side, which is there at once, and tells the peer. */
    protected final void take(Frame.Open frame, StreamListener target) {
        mux().acceptOpened(mux().accept(frame, target));
    }

    /** The target of an OPEN could not be reached; the peer is told. Event loop only. */
    protected void targetUnreachable(Frame.Open frame) {}

    /** Answers an OPEN that is not accepted. */
    protected final void refuse(Frame.Open frame, ResetCode code) {
        send(new Frame.Reset(frame.streamId(), code));
    }

    /** Resets the streams of a map that were opened below an epoch. Event loop only. */
    protected final void resetStreams(MapName map, Epoch below, ResetCode code) {
        mux().resetAll(map, below, code);
    }

    // ---- ending ----

    /**
     * Sends a last frame and ends the link. A socket that is closed with bytes unread is reset, and the peer may lose
     * the frame: so only this side's direction is ended, and what still comes is read and thrown away, for
     * {@link #GOODBYE} at most. Event loop only.
     */
    protected final void endWith(Frame last, CloseReason reason) {
        endWith(last, reason, false);
    }

    private void endWith(Frame last, CloseReason reason, boolean keep) {
        if (ended == null) {
            ChannelHandlerContext context = ctx();
            context.writeAndFlush(Frames.encode(context.alloc(), last), context.newPromise())
                    .addListener(written -> endOutput(context));
            // The peer may not read, or never end: then the socket is closed without waiting for it.
            context.executor().schedule(this::closeNow, GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            finish(reason, keep);
        }
    }

    /** Ends the link as {@link #endWith} does, but its streams go on elsewhere. Event loop only. */
    protected final KeptStreams handOver(Frame last, CloseReason reason) {
        KeptStreams streams = new KeptStreams(mux());
        endWith(last, reason, true);
        return streams;
    }

    /** Everything written is with the kernel, or never will be. */
    private static void endOutput(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null && context.channel() instanceof DuplexChannel socket && socket.isActive()) {
            tls.closeOutbound().addListener(ended -> socket.shutdownOutput());
        } else {
            context.close();
        }
    }

    /**
     * Ends the link; the first reason counts. Event loop only.
     *
     * @param hard without a TLS goodbye, for peers that would not take it
     */
    protected final void end(CloseReason reason, boolean hard) {
        if (ended == null) {
            // First: the close tells this handler that the connection is gone, and the first reason counts.
            finish(reason, false);
            if (hard) {
                closeNow();
            } else {
                ctx().close();
            }
        }
    }

    /** The connection could not be made. */
    final void unreachable() {
        if (ctx != null) {
            end(CloseReason.UNREACHABLE, true);
        }
    }

    /** Closes below TLS: the first handler's outbound side is the socket. */
    private void closeNow() {
        ChannelHandlerContext first = ctx().pipeline().firstContext();
        if (first != null && ctx().channel().isOpen()) {
            first.close();
        }
    }

    /** Everything that hangs on the link ends now, not when the socket has said goodbye. */
    private void finish(CloseReason reason, boolean handedOver) {
        if (ended != null) {
            return;
        }
        ended = reason;
        boolean was = established;
        established = false;
        cancelDeadline();
        if (liveness != null) {
            liveness.stop();
        }
        if (handedOver) {
            mux().detach();
        } else if (was && keeps(reason)) {
            mux().detach();
            kept(new KeptStreams(mux()));
        } else {
            // Who was cut on purpose gets nothing more through: what the kernel still holds is thrown away (RST).
            boolean cut = reason == CloseReason.FENCED || reason == CloseReason.CUT;
            mux().endAll(cut ? StreamEnd.RESET : StreamEnd.LINK_LOST);
        }
        if (was) {
            metrics.closed(reason);
        }
        ended(reason, was);
    }

    // ---- pipeline ----

    @Override
    public final void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        mux = new StreamMux(context, settings, metrics, nanoTime, this);
    }

    @Override
    public final void channelActive(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(this::handshakeTimedOut, settings.handshakeTimeout().toMillis() * 2, TimeUnit.MILLISECONDS);
        context.fireChannelActive();
    }

    private void handshakeTimedOut() {
        if (!established) {
            metrics.dropped(DropReason.HANDSHAKE_TIMEOUT);
            end(CloseReason.TIMEOUT, true);
        }
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                handshakeFailed(handshake.cause());
            } else if (ended == null) {
                SslHandler tls = context.pipeline().get(SslHandler.class);
                if (!secured(PeerIdentity.of(tls.engine().getSession()))) {
                    metrics.dropped(DropReason.WRONG_PEER);
                    end(CloseReason.WRONG_PEER, false);
                } else {
                    whenSecured.run();
                }
            }
        }
        if (event instanceof ChannelInputShutdownEvent && ended == null) {
            end(CloseReason.PEER_ENDED, true);
        }
        context.fireUserEventTriggered(event);
    }

    private void handshakeFailed(Throwable cause) {
        if (ended == null) {
            boolean late = cause instanceof SslHandshakeTimeoutException;
            metrics.dropped(late ? DropReason.HANDSHAKE_TIMEOUT : DropReason.TLS);
            log.debug("TLS handshake with {} failed: {}", ctx().channel().remoteAddress(), cause.toString());
            // Not hard: the peer should learn by an alert what was wrong.
            end(late ? CloseReason.TIMEOUT : CloseReason.TLS, late);
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        if (ended != null || !(message instanceof Frame frame)) {
            release(message);
            return;
        }
        if (liveness != null) {
            liveness.heard();
        }
        try {
            frame(frame);
        } catch (ProtocolException e) {
            broken(e);
        }
    }

    private static void release(Object message) {
        switch (message) {
            case Frame.Data data -> data.payload().release();
            case Frame.Packed packed -> packed.payload().release();
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void frame(Frame frame) {
        if (!established) {
            if (frame instanceof Frame.Data || frame instanceof Frame.Packed) {
                release(frame);
                throw ProtocolException.UNEXPECTED;
            }
            beginning(frame);
            return;
        }
        answered = true;
        switch (frame) {
            case Frame.Data f -> inTurn(f).onData(f);
            case Frame.Packed f -> inTurn(f).onPacked(f);
            case Frame.Window f -> inTurn(f).onWindow(f);
            case Frame.Ping f -> send(new Frame.Pong(f.nonce()));
            case Frame.Pong f -> pong(f);
            case Frame.Open f -> {
                inTurn(f);
                opening(f);
            }
            case Frame.Opened f -> inTurn(f).onOpened(f);
            case Frame.Fin f -> inTurn(f).onFin(f);
            case Frame.Reset f -> inTurn(f).onReset(f);
            case Frame.Streams f -> mux().onStreams(f);
            default -> control(frame);
        }
    }

    /** On a link that goes on with the streams of another, their frames come after the peer's word on them. */
    private StreamMux inTurn(Frame frame) {
        if (mux().awaitsStreams()) {
            release(frame);
            throw ProtocolException.UNEXPECTED;
        }
        return mux();
    }

    private void opening(Frame.Open frame) {
        if (mux().admits(frame)) {
            open(frame);
        } else {
            metrics.dropped(DropReason.STREAM_LIMIT);
            refuse(frame, ResetCode.LIMIT);
        }
    }

    private void pong(Frame.Pong frame) {
        if (liveness != null) {
            liveness.pong(frame.nonce());
        }
    }

    private void broken(ProtocolException e) {
        metrics.dropped(e.reason());
        log.debug("{} broke the protocol: {}", ctx().channel().remoteAddress(), e.reason());
        end(CloseReason.PROTOCOL, true);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (ended != null) {
            return;
        }
        if (cause instanceof ProtocolException e) {
            broken(e);
        } else if (!established && cause instanceof DecoderException && cause.getCause() instanceof SSLException e) {
            handshakeFailed(e);
        } else {
            if (!(cause instanceof IOException || cause instanceof DecoderException)) {
                log.warn("link to {} failed", context.channel().remoteAddress(), cause);
            }
            end(CloseReason.PEER_CLOSED, true);
        }
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext context) {
        if (ended == null && context.channel().isWritable()) {
            mux().drain();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        finish(CloseReason.PEER_CLOSED, false);
        context.fireChannelInactive();
    }

    /** For {@link Liveness}: the peer was silent for the whole lease. */
    final void silent() {
        end(CloseReason.SILENT, true);
    }

    /** For {@link Liveness}: one probe. */
    final void probe(long nonce) {
        send(new Frame.Ping(nonce));
        if (ended == null) {
            mux().acknowledge();
        }
    }

    final void roundTrip(long nanos) {
        metrics.roundTrip(nanos);
        mux().roundTrip(nanos);
    }
}
