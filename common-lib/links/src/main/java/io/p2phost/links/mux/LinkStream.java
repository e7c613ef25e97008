package io.p2phost.links.mux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.StreamState;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One two-way byte stream of a link. The public methods may be called from any thread; everything else happens on the
 * link's event loop.
 */
public final class LinkStream {
    /** What each DATA frame costs of the window beside its payload, so that tiny frames cannot hoard memory. */
    static final int FRAME_COST = 64;

    private final StreamMux mux;
    private volatile int id;
    private final MapName map;
    private final Epoch epoch;
    private final int source;
    private final Bytes first;
    private final StreamListener listener;
    private final AtomicInteger queuedBytes = new AtomicInteger();
    private volatile boolean pauseAsked;
    private volatile @Nullable ResetCode resetCode;

    // Event loop only.
    final ArrayDeque<ByteBuf> queue = new ArrayDeque<>(4);

    /** What was sent and is not known to have arrived, frame by frame; on links that can be resumed. */
    private final ArrayDeque<byte[]> unacknowledged = new ArrayDeque<>(4);

    /** Window this side was given at first. */
    private final int sendWindow;

    /** Payload bytes sent, from the stream's begin; on links that can be resumed. */
    private long sent;

    /** Credit that came back and is not yet the cost of a whole unacknowledged frame. */
    private int acknowledgedCredit;

    /** Payload bytes received, from the stream's begin. */
    long received;

    int sendCredit;
    int receiveCredit;
    /** Window that the local receiver has freed and the peer was not told yet. */
    int freedCredit;
    /** How much this side is ready to hold now. */
    int window;
    /** Window cost that the local receiver has taken since {@link #roundFrom}. */
    int drained;

    long roundFrom;
    /** Received window cost not yet consumed. */
    int held;

    /** While the peer has not answered this side's OPEN. */
    @Nullable
    Future<?> openDeadline;

    boolean opened;
    boolean inTurn;
    boolean finishAsked;
    boolean finSent;
    boolean finReceived;
    boolean closed;

    LinkStream(
            StreamMux mux,
            int id,
            MapName map,
            Epoch epoch,
            int source,
            Bytes first,
            StreamListener listener,
            int sendCredit,
            int receiveCredit) {
        this.mux = mux;
        this.id = id;
        this.map = map;
        this.epoch = epoch;
        this.source = source;
        this.first = first;
        this.listener = listener;
        this.sendCredit = sendCredit;
        this.sendWindow = sendCredit;
        this.receiveCredit = receiveCredit;
        this.window = receiveCredit;
    }

    public int id() {
        return id;
    }

    void renumber(int next) {
        id = next;
    }

    int source() {
        return source;
    }

    Bytes first() {
        return first;
    }

    public MapName map() {
        return map;
    }

    public Epoch epoch() {
        return epoch;
    }

    StreamListener listener() {
        return listener;
    }

    /** Why the stream was reset, by whichever side; null when it was not. */
    public @Nullable ResetCode resetCode() {
        return resetCode;
    }

    /** Whether its target was reached. Event loop only. */
    public boolean wasOpened() {
        return opened;
    }

    void resetCode(ResetCode code) {
        resetCode = code;
    }

    /**
     * Queues bytes and takes ownership of the buffer.
     *
     * @return whether the caller may go on; if not, it should pause until {@link StreamListener#writable}
     */
    public boolean write(ByteBuf payload) {
        int bytes = payload.readableBytes();
        boolean goOn = queuedBytes.addAndGet(bytes) < mux.settings().sendHighWatermark();
        if (!goOn) {
            pauseAsked = true;
        }
        if (!run(() -> mux.enqueue(this, payload))) {
            ReferenceCountUtil.release(payload);
            queuedBytes.addAndGet(-bytes);
        }
        // The loop may have drained the queue between the count and the mark; then nobody would wake the caller.
        if (!goOn && queuedBytes.get() <= mux.settings().sendLowWatermark()) {
            pauseAsked = false;
            return true;
        }
        return goOn;
    }

    /** Ends this side's direction once everything queued is sent. */
    public void finish() {
        run(() -> mux.finish(this));
    }

    /** Ends both directions at once; queued bytes are dropped. */
    public void reset(ResetCode code) {
        run(() -> mux.reset(this, code));
    }

    /** Gives the window of one {@link StreamListener#data} call back. */
    public void consumed(int payloadBytes) {
        run(() -> mux.consumed(this, payloadBytes + FRAME_COST));
    }

    /** Bytes waiting to be sent. */
    public int queuedBytes() {
        return queuedBytes.get();
    }

    // ---- on links that can be resumed; event loop only ----

    /** One frame was sent: it is kept until it is known to have arrived. At most the window is. FIN has no bytes. */
    void sent(byte[] bytes) {
        sent += bytes.length;
        unacknowledged.add(bytes);
        mux.keeps(bytes.length + FRAME_COST);
    }

    int sendWindow() {
        return sendWindow;
    }

    /** It is over: nothing of it is sent again. */
    void forgetSent() {
        while (!unacknowledged.isEmpty()) {
            arrived(unacknowledged.remove());
        }
    }

    private void arrived(byte[] frame) {
        mux.keeps(-frame.length - FRAME_COST);
    }

    /**
     * The peer gave window back. It does so for what it got only, and it got everything in order: so the oldest frames
     * that cost no more have arrived.
     */
    void acknowledged(int credit) {
        acknowledgedCredit += credit;
        for (byte[] head = unacknowledged.peek();
                head != null && acknowledgedCredit >= head.length + FRAME_COST;
                head = unacknowledged.peek()) {
            acknowledgedCredit -= head.length + FRAME_COST;
            arrived(unacknowledged.remove());
        }
        if (unacknowledged.isEmpty()) {
            acknowledgedCredit = Math.min(acknowledgedCredit, 0);
        }
    }

    /** Bytes kept because they may have to be sent again. */
    int unacknowledgedBytes() {
        return unacknowledged.stream().mapToInt(bytes -> bytes.length).sum();
    }

    boolean allArrived() {
        return unacknowledged.isEmpty();
    }

    /** As another process takes it on. */
    StreamsImage.Stream image(int name) {
        ByteBuf waiting = Unpooled.buffer();
        queue.forEach(bytes -> waiting.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes()));
        return new StreamsImage.Stream(
                name,
                id,
                map,
                epoch,
                source,
                sendWindow,
                sent,
                received,
                unacknowledged.stream().map(Bytes::of).toList(),
                Bytes.of(waiting));
    }

    /** It was another process's until now, and open. */
    void goOnFrom(StreamsImage.Stream image) {
        opened = true;
        image.unacknowledged().forEach(frame -> sent(frame.toArray()));
        sent = image.sent();
        received = image.received();
        if (!image.queued().isEmpty()) {
            queue.add(image.queued().toBuffer());
            queuedBytes.addAndGet(image.queued().length());
        }
    }

    StreamState state() {
        // Of what is on the way nothing will come any more; the window is as at first.
        receiveCredit = window - held;
        freedCredit = 0;
        return new StreamState(id, received, held, finReceived);
    }

    /** Takes up where the peer is, with the window that there was at first; false when that cannot be. */
    boolean resume(StreamState peer, int mostHeld) {
        long arrived = sent - unacknowledgedBytes();
        while (!unacknowledged.isEmpty() && arrived < peer.received()) {
            byte[] frame = unacknowledged.remove();
            arrived += frame.length;
            arrived(frame);
        }
        if (arrived != peer.received() || peer.held() > mostHeld || (peer.finished() && !finSent)) {
            return false;
        }
        if (peer.finished()) {
            forgetSent();
        }
        for (byte[] bytes = unacknowledged.pollLast(); bytes != null; bytes = unacknowledged.pollLast()) {
            arrived(bytes);
            if (bytes.length > 0) {
                queue.addFirst(Unpooled.wrappedBuffer(bytes));
                queuedBytes.addAndGet(bytes.length);
            }
        }
        sent = arrived;
        sendCredit = sendWindow - peer.held();
        acknowledgedCredit = -peer.held();
        finSent = peer.finished();
        return true;
    }

    /** Called on the loop for bytes that left the queue. */
    void dequeued(int bytes) {
        int left = queuedBytes.addAndGet(-bytes);
        if (pauseAsked && left <= mux.settings().sendLowWatermark()) {
            pauseAsked = false;
            if (!closed) {
                listener.writable(this);
            }
        }
    }

    private boolean run(Runnable task) {
        if (mux.inLoop()) {
            task.run();
            return true;
        }
        try {
            mux.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "stream " + id + " of " + map + " at " + epoch;
    }
}
