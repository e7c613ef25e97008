package io.p2phost.links.mux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.EventExecutor;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.FrameType;
import io.p2phost.links.frame.Frames;
import io.p2phost.links.frame.ProtocolException;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.frame.StreamState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection. One side opens streams, with rising ids; the other accepts or resets them. Frames for
 * an id that was open once are late and dropped; for one that never was, the peer is cut.
 *
 * <p>Sending is fair: streams with bytes and window stand in a ring, each sends at most {@value #TURN_BYTES} bytes a
 * turn (packed: one frame), and only while the connection is below its watermark. Event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled there
final class StreamMux {
    /** What one stream may send before the next has its turn; about one TLS record. */
    static final int TURN_BYTES = 16 * 1024;

    /** Do not cut bytes into crumbs when the window is almost used up. */
    private static final int LEAST_CHUNK = 512;

    private final EventExecutor loop;
    private final LinkSettings settings;
    private final LinkMetrics metrics;
    private final IntObjectHashMap<LinkStream> streams = new IntObjectHashMap<>();
    private final ArrayDeque<LinkStream> ring = new ArrayDeque<>();
    private final Windows windows;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<MapName, Integer> sizeByMap = new ConcurrentHashMap<>();
    /** The connection under the streams; none while they wait for the next. */
    private @Nullable ChannelHandlerContext ctx;

    private @Nullable LinkConnection connection;
    private boolean resumable;
    private boolean many;
    private boolean awaitsStreams;
    private @Nullable Packer packer;
    private @Nullable Unpacker unpacker;
    private int peerWindow;
    private int latePacked;
    private int lastId;
    private int held;
    private int keptToSend;
    private boolean turnScheduled;
    private volatile int size;

    StreamMux(
            ChannelHandlerContext ctx,
            LinkSettings settings,
            LinkMetrics metrics,
            LongSupplier nanoTime,
            LinkConnection connection) {
        this.windows = new Windows(settings);
        this.nanoTime = nanoTime;
        this.loop = ctx.executor();
        this.ctx = ctx;
        this.settings = settings;
        this.metrics = metrics;
        this.connection = connection;
    }

    /** Streams of another process, which wait for a connection. */
    StreamMux(EventExecutor loop, LinkSettings settings, LinkMetrics metrics, LongSupplier nanoTime, int lastId) {
        this.windows = new Windows(settings);
        this.nanoTime = nanoTime;
        this.loop = loop;
        this.settings = settings;
        this.metrics = metrics;
        this.lastId = lastId;
        resumable(true);
    }

    LinkSettings settings() {
        return settings;
    }

    boolean inLoop() {
        return loop.inEventLoop();
    }

    void execute(Runnable task) {
        loop.execute(task);
    }

    void schedule(long time, TimeUnit unit, Runnable task) {
        loop.schedule(task, time, unit);
    }

    private void send(Frame frame) {
        if (connection != null) {
            connection.send(frame);
        }
    }

    /** Streams open now. Any thread. */
    int size() {
        return size;
    }

    /** Streams of one map open now. Any thread. */
    int size(MapName map) {
        return sizeByMap.getOrDefault(map, 0);
    }

    /** The receive window that the peer announced. */
    void peerWindow(int bytes) {
        if (bytes < LinkSettings.MIN_WINDOW || bytes > LinkSettings.MAX_WINDOW) {
            throw ProtocolException.MALFORMED;
        }
        peerWindow = bytes;
    }

    /** Whether PACKED frames are sent and taken: what the peer remembers of them, and what this side does. */
    void packing(int peerHistory, int ownHistory) {
        if (peerHistory > Packing.MAX_HISTORY) {
            throw ProtocolException.MALFORMED;
        }
        packer = peerHistory == Frame.UNPACKED || ownHistory == Frame.UNPACKED ? null : new Packer(peerHistory);
        unpacker = ownHistory == Frame.UNPACKED ? null : new Unpacker(ownHistory);
    }

    // ---- from one connection to the next ----

    /**
     * What is sent is kept until it is known to have arrived, at most a window of each stream.
     *
     * @param manyStreams streams whose OPEN was not answered survive too, and the peer is told often what has arrived, so
     *     that it need not keep a quarter of a window for everybody who is quiet
     */
    void resumable(boolean manyStreams) {
        resumable = true;
        many = manyStreams;
    }

    /** The connection is lost: streams wait for another, but those that the peer opened and was not answered end. */
    void detach() {
        ctx = null;
        connection = null;
        packer = null;
        unpacker = null;
        for (LinkStream stream : List.copyOf(streams.values())) {
            if (!stream.opened && !(many && stream.openDeadline != null)) {
                end(stream, StreamEnd.LINK_LOST);
            }
        }
    }

    /** Another connection takes the place of the one that was lost; each side says first what it has. */
    void attach(ChannelHandlerContext context, LinkConnection next) {
        ctx = context;
        connection = next;
        awaitsStreams = true;
        windows.forget();
        streams.values().forEach(windows::reset);
        List<LinkStream> all = List.copyOf(streams.values());
        send(new Frame.Streams(all.stream()
                .filter(stream -> stream.opened)
                .map(LinkStream::state)
                .toList()));
        for (LinkStream stream : all) {
            if (!stream.opened) {
                openAnew(stream);
            }
        }
    }

    /** Nobody can know whether the OPEN, or its answer, has arrived: the peer ends the stream of the old number. */
    private void openAnew(LinkStream stream) {
        int id = nextId();
        if (id == 0) {
            end(stream, StreamEnd.LINK_LOST);
            return;
        }
        streams.remove(stream.id());
        stream.renumber(id);
        streams.put(id, stream);
        send(new Frame.Open(id, stream.map(), stream.epoch(), stream.source(), stream.first()));
    }

    /** What another process needs to go on with those of them that have a name, which is not negative. */
    StreamsImage image(ToIntFunction<LinkStream> names) {
        List<StreamsImage.Stream> images = new ArrayList<>();
        for (LinkStream stream : streams.values()) {
            int name = names.applyAsInt(stream);
            if (name >= 0 && stream.opened && !stream.finishAsked && !stream.finReceived) {
                images.add(stream.image(name));
            }
        }
        return new StreamsImage(lastId, images);
    }

    /** Takes a stream of another process on. */
    void takeOn(StreamsImage.Stream image, StreamListener listener) {
        LinkStream stream = new LinkStream(
                this,
                image.id(),
                image.map(),
                image.epoch(),
                image.source(),
                Bytes.NONE,
                listener,
                image.sendWindow(),
                settings.streamWindow());
        stream.goOnFrom(image);
        add(stream);
        listener.opening(stream);
    }

    /** What the peer has: what it lacks is sent again, and what it does not hold any more is over. */
    void onStreams(Frame.Streams frame) {
        if (!awaitsStreams) {
            throw ProtocolException.UNEXPECTED;
        }
        awaitsStreams = false;
        Map<Integer, StreamState> peers = new HashMap<>();
        for (StreamState state : frame.streams()) {
            if (state.streamId() > lastId || peers.put(state.streamId(), state) != null) {
                throw ProtocolException.UNEXPECTED;
            }
        }
        int resumed = 0;
        for (LinkStream stream : List.copyOf(streams.values())) {
            if (!stream.opened) {
                continue;
            }
            StreamState state = peers.get(stream.id());
            if (state == null || !stream.resume(state, many ? LinkSettings.MAX_WINDOW : stream.sendWindow())) {
                // Who has got everything, and knows that the other has, forgets the stream first.
                boolean done = many && state == null && stream.finSent && stream.finReceived;
                end(stream, done ? StreamEnd.FINISHED : StreamEnd.LINK_LOST);
                if (state != null) {
                    send(new Frame.Reset(stream.id(), ResetCode.CONNECTION_RESET));
                }
                continue;
            }
            resumed++;
            enterRing(stream);
            endIfFinished(stream);
        }
        metrics.resumed(resumed);
        drain();
    }

    /** Whether the peer has still to say which streams it has. */
    boolean awaitsStreams() {
        return awaitsStreams;
    }

    private int sendWindow() {
        return resumable ? Math.min(peerWindow, settings.streamWindow()) : peerWindow;
    }

    // ---- opening ----

    int nextId() {
        return lastId == Integer.MAX_VALUE ? 0 : ++lastId;
    }

    /** Opens a stream on this side, or says closed at once when there is no room. */
    void open(MapName map, Epoch epoch, int source, Bytes first, StreamListener listener, boolean linkUp) {
        int id = linkUp && streams.size() < settings.maxStreams() ? nextId() : 0;
        LinkStream stream =
                new LinkStream(this, id, map, epoch, source, first, listener, sendWindow(), settings.streamWindow());
        if (id == 0) {
            stream.closed = true;
            if (linkUp) {
                metrics.dropped(DropReason.STREAM_LIMIT);
                stream.resetCode(ResetCode.LIMIT);
            }
            listener.opening(stream);
            listener.closed(stream, linkUp ? StreamEnd.RESET : StreamEnd.LINK_LOST);
            return;
        }
        add(stream);
        send(new Frame.Open(id, map, epoch, source, first));
        if (!stream.closed) {
            stream.openDeadline = loop.schedule(
                    () -> unanswered(stream), settings.openTimeout().toMillis(), TimeUnit.MILLISECONDS);
            listener.opening(stream);
        }
    }

    /** A host that answers probes but not OPEN must not hold players for ever. */
    private void unanswered(LinkStream stream) {
        if (!stream.closed && !stream.opened) {
            metrics.dropped(DropReason.OPEN_TIMEOUT);
            reset(stream, ResetCode.UNREACHABLE);
        }
    }

    private static void answered(LinkStream stream) {
        if (stream.openDeadline != null) {
            stream.openDeadline.cancel(false);
        }
    }

    /** Registers a stream that the peer opened; the id must be new. */
    LinkStream accept(Frame.Open open, StreamListener listener) {
        LinkStream stream = new LinkStream(
                this,
                open.streamId(),
                open.map(),
                open.epoch(),
                open.source(),
                open.first(),
                listener,
                sendWindow(),
                settings.streamWindow());
        add(stream);
        listener.opening(stream);
        return stream;
    }

    /** Checks the id of an OPEN and whether there is room for it. */
    boolean admits(Frame.Open open) {
        if (open.streamId() <= lastId) {
            throw ProtocolException.UNEXPECTED;
        }
        lastId = open.streamId();
        return streams.size() < settings.maxStreams();
    }

    private void add(LinkStream stream) {
        latePacked = 0;
        streams.put(stream.id(), stream);
        size = streams.size();
        sizeByMap.merge(stream.map(), 1, Integer::sum);
    }

    /** The accepting side reached its target. */
    void acceptOpened(LinkStream stream) {
        if (!stream.closed) {
            stream.opened = true;
            send(new Frame.Opened(stream.id()));
            enterRing(stream);
        }
    }

    // ---- frames from the peer ----

    void onOpened(Frame.Opened frame) {
        LinkStream stream = find(frame.streamId());
        if (stream == null) {
            return;
        }
        if (stream.opened) {
            throw ProtocolException.UNEXPECTED;
        }
        stream.opened = true;
        answered(stream);
        stream.listener().opened(stream);
        enterRing(stream);
    }

    /** Takes ownership of the payload. */
    void onData(Frame.Data frame) {
        ByteBuf payload = frame.payload();
        boolean passed = false;
        try {
            LinkStream stream = find(frame.streamId());
            if (stream == null) {
                return;
            }
            int bytes = payload.readableBytes();
            int cost = bytes + LinkStream.FRAME_COST;
            if (!stream.opened || stream.finReceived) {
                throw ProtocolException.UNEXPECTED;
            }
            if (cost > stream.receiveCredit) {
                throw ProtocolException.WINDOW;
            }
            stream.receiveCredit -= cost;
            if (held + cost > settings.receiveLimit()) {
                metrics.dropped(DropReason.SLOW_RECEIVER);
                reset(stream, ResetCode.SLOW);
                return;
            }
            hold(stream, cost);
            stream.received += bytes;
            metrics.bytesIn(bytes);
            passed = true;
            stream.listener().data(stream, payload);
        } finally {
            if (!passed) {
                payload.release();
            }
        }
    }

    /** Takes ownership of the payload. What comes late is unpacked too: both ends remember the same. */
    void onPacked(Frame.Packed frame) {
        ByteBuf unpacked;
        try {
            if (unpacker == null || ctx == null) {
                throw ProtocolException.UNEXPECTED;
            }
            unpacked = unpacker.unpack(frame.payload(), ctx.alloc());
        } finally {
            frame.payload().release();
        }
        if (frame.streamId() <= lastId && !streams.containsKey(frame.streamId())) {
            // No window holds these back: no more of them than an honest peer had under way.
            latePacked += unpacked.readableBytes() + LinkStream.FRAME_COST;
            if (latePacked > settings.streamWindow()) {
                unpacked.release();
                throw ProtocolException.WINDOW;
            }
        }
        onData(new Frame.Data(frame.streamId(), unpacked));
    }

    void onWindow(Frame.Window frame) {
        LinkStream stream = find(frame.streamId());
        if (stream == null) {
            return;
        }
        if (frame.credit() > LinkSettings.MAX_WINDOW - stream.sendCredit) {
            throw ProtocolException.WINDOW;
        }
        stream.sendCredit += frame.credit();
        if (resumable) {
            stream.acknowledged(frame.taken());
        }
        enterRing(stream);
        endIfFinished(stream);
    }

    void onFin(Frame.Fin frame) {
        LinkStream stream = find(frame.streamId());
        if (stream == null) {
            return;
        }
        if (!stream.opened || stream.finReceived) {
            throw ProtocolException.UNEXPECTED;
        }
        stream.finReceived = true;
        if (many) {
            stream.freedCredit += LinkStream.FRAME_COST;
            send(giveBack(stream));
        }
        stream.listener().finished(stream);
        endIfFinished(stream);
    }

    void onReset(Frame.Reset frame) {
        LinkStream stream = find(frame.streamId());
        if (stream != null) {
            stream.resetCode(frame.code());
            end(stream, StreamEnd.RESET_BY_PEER);
        }
    }

    private @Nullable LinkStream find(int id) {
        if (id > lastId) {
            throw ProtocolException.UNEXPECTED;
        }
        return streams.get(id);
    }

    // ---- calls of the local side ----

    void enqueue(LinkStream stream, ByteBuf payload) {
        int bytes = payload.readableBytes();
        if (stream.closed || stream.finishAsked || bytes == 0) {
            payload.release();
            stream.dequeued(bytes);
            return;
        }
        stream.queue.add(payload);
        enterRing(stream);
    }

    void finish(LinkStream stream) {
        if (!stream.closed && !stream.finishAsked) {
            stream.finishAsked = true;
            enterRing(stream);
        }
    }

    void reset(LinkStream stream, ResetCode code) {
        if (!stream.closed) {
            stream.resetCode(code);
            send(new Frame.Reset(stream.id(), code));
            end(stream, StreamEnd.RESET);
        }
    }

    void consumed(LinkStream stream, int cost) {
        if (stream.closed) {
            return;
        }
        hold(stream, -cost);
        if (stream.finReceived && !many) {
            return;
        }
        stream.freedCredit += cost;
        int step = stream.finReceived ? 1 : stream.window / 4;
        if (connection != null && stream.freedCredit >= step) {
            send(giveBack(stream));
        }
    }

    private Frame giveBack(LinkStream stream) {
        int taken = stream.freedCredit;
        int credit = taken;
        if (many && !stream.finReceived) {
            credit += windows.change(stream, taken, held, nanoTime.getAsLong());
        }
        stream.receiveCredit += credit;
        stream.freedCredit = 0;
        return new Frame.Window(stream.id(), taken, credit);
    }

    /** Called every second or so: what has arrived need not be kept by the peer any longer. */
    void acknowledge() {
        ChannelHandlerContext to = ctx;
        if (!many || to == null || !to.channel().isWritable()) {
            return;
        }
        boolean wrote = false;
        for (LinkStream stream : streams.values()) {
            if (stream.freedCredit > 0) {
                to.write(Frames.encode(to.alloc(), giveBack(stream)), to.newPromise());
                wrote = true;
            }
        }
        if (wrote) {
            to.flush();
        }
    }

    /** One round trip over the connection was measured. */
    void roundTrip(long nanos) {
        windows.measured(nanos);
    }

    /** What is kept to be sent again changed by this much. */
    void keeps(int delta) {
        keptToSend += delta;
    }

    private void hold(LinkStream stream, int cost) {
        stream.held += cost;
        held += cost;
        metrics.buffered(cost);
    }

    // ---- sending ----

    private void enterRing(LinkStream stream) {
        if (!stream.inTurn && !stream.closed && stream.opened && hasWork(stream)) {
            stream.inTurn = true;
            ring.add(stream);
            if (!turnScheduled) {
                turnScheduled = true;
                // A later turn of the loop: what arrives for several streams in this one leaves in one flush.
                loop.execute(this::turn);
            }
        }
    }

    private static boolean hasWork(LinkStream stream) {
        ByteBuf head = stream.queue.peek();
        return head != null ? canSend(stream, head) : stream.finishAsked && !stream.finSent;
    }

    private static boolean canSend(LinkStream stream, ByteBuf head) {
        return stream.sendCredit >= LinkStream.FRAME_COST + Math.min(head.readableBytes(), LEAST_CHUNK);
    }

    private void turn() {
        turnScheduled = false;
        drain();
    }

    /** Sends what connection and windows allow; called again when the connection becomes writable. */
    void drain() {
        ChannelHandlerContext to = ctx;
        if (to == null || awaitsStreams) {
            return;
        }
        boolean wrote = false;
        while (to.channel().isWritable()) {
            LinkStream stream = ring.poll();
            if (stream == null) {
                break;
            }
            stream.inTurn = false;
            if (!stream.closed) {
                wrote |= sendTurn(to, stream);
            }
        }
        if (wrote) {
            to.flush();
        }
    }

    private boolean sendTurn(ChannelHandlerContext to, LinkStream stream) {
        // Packed, a whole frame at once: the more there is, the better it packs, and the less it is on the way.
        int budget = packer == null ? TURN_BYTES : FrameType.DATA.maxLength();
        boolean wrote = false;
        for (ByteBuf head = stream.queue.peek(); head != null && budget > 0; head = stream.queue.peek()) {
            if (!canSend(stream, head)) {
                metrics.windowStalled();
                return wrote;
            }
            int room = Math.min(budget, stream.sendCredit - LinkStream.FRAME_COST);
            int bytes = packer == null && !resumable ? sendHead(to, stream, head, room) : sendTaken(to, stream, room);
            stream.sendCredit -= bytes + LinkStream.FRAME_COST;
            budget -= bytes;
            metrics.bytesOut(bytes);
            wrote = true;
            stream.dequeued(bytes);
            if (stream.closed) {
                return true;
            }
        }
        if (stream.queue.isEmpty() && stream.finishAsked && !stream.finSent) {
            stream.finSent = true;
            if (many) {
                stream.sent(new byte[0]);
            }
            to.write(Frames.encode(to.alloc(), new Frame.Fin(stream.id())), to.newPromise());
            endIfFinished(stream);
            return true;
        }
        enterRing(stream);
        return wrote;
    }

    /** Sends of the first queued buffer what there is room for. */
    private int sendHead(ChannelHandlerContext to, LinkStream stream, ByteBuf head, int room) {
        int bytes = Math.min(head.readableBytes(), room);
        ByteBuf payload = bytes == head.readableBytes() ? stream.queue.poll() : head.readRetainedSlice(bytes);
        sendData(to, stream, payload);
        return bytes;
    }

    private static void sendData(ChannelHandlerContext to, LinkStream stream, ByteBuf payload) {
        to.write(Frames.dataHeader(to.alloc(), stream.id(), payload.readableBytes()), to.newPromise());
        to.write(payload, to.newPromise());
    }

    /** Sends of all queued buffers what there is room for, packed where that makes it smaller. */
    private int sendTaken(ChannelHandlerContext to, LinkStream stream, int room) {
        byte[] bytes = take(stream.queue, room);
        if (resumable) {
            stream.sent(bytes);
            if (keptToSend > settings.receiveLimit()) {
                // The peer lets us send, and does not say what has come.
                metrics.dropped(DropReason.SLOW_RECEIVER);
                reset(stream, ResetCode.SLOW);
                return bytes.length;
            }
        }
        ByteBuf packed = packer == null || bytes.length < Packer.LEAST ? null : packer.pack(bytes);
        if (packed == null) {
            sendData(to, stream, Unpooled.wrappedBuffer(bytes));
        } else {
            metrics.packed(bytes.length, packed.readableBytes());
            to.write(Frames.packedHeader(to.alloc(), stream.id(), packed.readableBytes()), to.newPromise());
            to.write(packed, to.newPromise());
        }
        return bytes.length;
    }

    /** Takes bytes off the queue's front. */
    private static byte[] take(ArrayDeque<ByteBuf> queue, int room) {
        int queued = 0;
        for (Iterator<ByteBuf> each = queue.iterator(); each.hasNext() && queued < room; ) {
            queued += each.next().readableBytes();
        }
        byte[] bytes = new byte[Math.min(queued, room)];
        for (int taken = 0; taken < bytes.length; ) {
            ByteBuf head = queue.element();
            int now = Math.min(head.readableBytes(), bytes.length - taken);
            head.readBytes(bytes, taken, now);
            taken += now;
            if (!head.isReadable()) {
                queue.remove().release();
            }
        }
        return bytes;
    }

    // ---- ends ----

    private void endIfFinished(LinkStream stream) {
        // Where it can be said again, the last of it must have arrived.
        if (stream.finSent && stream.finReceived && (!many || stream.allArrived())) {
            end(stream, StreamEnd.FINISHED);
        }
    }

    private void end(LinkStream stream, StreamEnd end) {
        if (stream.closed) {
            return;
        }
        stream.closed = true;
        answered(stream);
        streams.remove(stream.id());
        size = streams.size();
        sizeByMap.computeIfPresent(stream.map(), (map, count) -> count > 1 ? count - 1 : null);
        metrics.buffered(-stream.held);
        held -= stream.held;
        stream.held = 0;
        windows.reset(stream);
        stream.forgetSent();
        dropQueue(stream);
        stream.listener().closed(stream, end);
    }

    private static void dropQueue(LinkStream stream) {
        for (ByteBuf bytes = stream.queue.poll(); bytes != null; bytes = stream.queue.poll()) {
            stream.dequeued(bytes.readableBytes());
            bytes.release();
        }
    }

    /** Nobody came to go on with them. */
    void expire() {
        metrics.expired(streams.size());
        endAll(StreamEnd.LINK_LOST);
    }

    /** The link is gone, or was cut. */
    void endAll(StreamEnd how) {
        for (LinkStream stream : List.copyOf(streams.values())) {
            end(stream, how);
        }
        ring.clear();
    }

    /** Resets the streams of one map below an epoch, e.g. because another host owns it now. */
    void resetAll(MapName map, Epoch below, ResetCode code) {
        for (LinkStream stream : List.copyOf(streams.values())) {
            if (stream.map().equals(map) && stream.epoch().isBefore(below)) {
                reset(stream, code);
            }
        }
    }
}
