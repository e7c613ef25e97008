package io.p2phost.links.mux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.FrameDecoder;
import io.p2phost.links.frame.Frames;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.tls.PeerIdentity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One end of a link without network and with time in the test's hand; the other end is the test, frame by frame. */
final class LinkUnderTest extends LinkConnection {
    static final MapName MAP = MapName.of("prontera");
    static final Epoch EPOCH = Epoch.of(7);

    final RecordingMetrics metrics;
    final EmbeddedChannel channel;
    final List<Probe> accepted = new ArrayList<>();
    private final Clock clock;
    private final EmbeddedChannel peer = new EmbeddedChannel(new FrameDecoder());
    private final Valve valve = new Valve();
    private @Nullable CloseReason end;

    private static final class Clock {
        private long nanos;
    }

    static LinkUnderTest established(LinkSettings settings, int peerWindow) {
        LinkUnderTest link = new LinkUnderTest(settings, new RecordingMetrics(), new Clock());
        link.peerWindow(peerWindow);
        link.establish();
        return link;
    }

    private LinkUnderTest(LinkSettings settings, RecordingMetrics metrics, Clock clock) {
        super(settings, metrics, () -> clock.nanos);
        this.metrics = metrics;
        this.clock = clock;
        this.channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(valve, new FrameDecoder(), this);
    }

    // ---- the other end ----

    void receive(Frame frame) {
        channel.writeInbound(Frames.encode(ByteBufAllocator.DEFAULT, frame));
    }

    void receiveData(int stream, int bytes) {
        channel.writeInbound(
                Frames.dataHeader(ByteBufAllocator.DEFAULT, stream, bytes), Unpooled.wrappedBuffer(new byte[bytes]));
    }

    /** As of a link that can be resumed. */
    LinkUnderTest resumableLink(boolean many) {
        resumable(many);
        return this;
    }

    void receivePacked(int stream, ByteBuf payload) {
        channel.writeInbound(Frames.packedHeader(ByteBufAllocator.DEFAULT, stream, payload.readableBytes()), payload);
    }

    /** Frames that left since the last call; of DATA only the length counts, its bytes are released. */
    List<Object> sent() {
        channel.runPendingTasks();
        for (Object out = valve.written.poll(); out != null; out = valve.written.poll()) {
            peer.writeInbound(out);
        }
        List<Object> frames = new ArrayList<>();
        for (Object frame = peer.readInbound(); frame != null; frame = peer.readInbound()) {
            if (frame instanceof Frame.Data data) {
                frames.add(new Sent(data.streamId(), data.payload().readableBytes()));
                data.payload().release();
            } else if (frame instanceof Frame.Packed packed) {
                frames.add(new SentPacked(packed.streamId()));
                packed.payload().release();
            } else if (!(frame instanceof Frame.Ping)) {
                frames.add(frame);
            } else {
                pings++;
                lastPing = ((Frame.Ping) frame).nonce();
            }
        }
        return frames;
    }

    int pings;
    long lastPing;

    record Sent(int stream, int bytes) {}

    record SentPacked(int stream) {}

    // ---- this end ----

    /** Agrees on packed frames, nothing remembered. */
    LinkUnderTest packed() {
        packing(0, 0);
        return this;
    }

    Probe open() {
        Probe probe = new Probe();
        openStream(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, probe);
        return probe;
    }

    /** A stream whose local side is the test's. */
    void openFor(StreamListener listener) {
        openStream(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, listener);
    }

    /** A stream that the other end has connected. */
    Probe opened() {
        Probe probe = open();
        receive(new Frame.Opened(probe.stream().id()));
        return probe;
    }

    @Nullable
    CloseReason end() {
        return end;
    }

    /** Lets time pass in steps, as a loop that is never late sees it. */
    void pass(Duration time) {
        long step = TimeUnit.MILLISECONDS.toNanos(10);
        for (long left = time.toNanos(); left > 0; left -= step) {
            clock.nanos += step;
            channel.advanceTimeBy(step, TimeUnit.NANOSECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    /** Lets time pass during which this process does not run. */
    void sleepThrough(Duration time) {
        clock.nanos += time.toNanos();
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    /** From now on the peer reads nothing. */
    void peerStopsReading() {
        valve.shut = true;
    }

    @Override
    protected boolean secured(Optional<PeerIdentity> identity) {
        return true;
    }

    @Override
    protected void beginning(Frame frame) {}

    @Override
    protected void control(Frame frame) {}

    @Override
    protected void open(Frame.Open frame) {
        Probe probe = new Probe();
        accepted.add(probe);
        // As a target that is connected at once.
        mux().acceptOpened(mux().accept(frame, probe));
    }

    @Override
    protected void ended(CloseReason reason, boolean wasEstablished) {
        end = reason;
    }

    void release() {
        channel.finishAndReleaseAll();
        valve.written.forEach(ReferenceCountUtil::release);
        peer.finishAndReleaseAll();
    }

    /**
     * Takes what is written before the channel does, whose writes run other tasks of the loop in between, as no real one
     * does. Shut, it holds bytes back in the channel, as a socket does whose peer does not read.
     */
    private static final class Valve extends ChannelOutboundHandlerAdapter {
        private final ArrayDeque<Object> written = new ArrayDeque<>();
        private boolean shut;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (shut) {
                ctx.write(message, promise);
            } else {
                written.add(message);
                promise.setSuccess();
            }
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!shut) {
                ctx.flush();
            }
        }
    }

    /** A stream's local side. */
    static final class Probe implements StreamListener {
        private @Nullable LinkStream stream;
        private @Nullable StreamEnd ended;
        final List<Integer> received = new ArrayList<>();
        int writables;
        boolean isOpened;

        LinkStream stream() {
            if (stream == null) {
                throw new IllegalStateException("stream: none yet");
            }
            return stream;
        }

        /** Ended how, and by which code; empty while it is open. */
        String end() {
            return ended == null
                    ? ""
                    : ended
                            + (stream().resetCode() == null
                                    ? ""
                                    : " " + stream().resetCode());
        }

        boolean write(int bytes) {
            return stream().write(Unpooled.wrappedBuffer(new byte[bytes]));
        }

        @Override
        public void opening(LinkStream opened) {
            stream = opened;
        }

        @Override
        public void opened(LinkStream opened) {
            isOpened = true;
        }

        @Override
        public void data(LinkStream from, ByteBuf payload) {
            received.add(payload.readableBytes());
            payload.release();
        }

        @Override
        public void finished(LinkStream from) {}

        @Override
        public void writable(LinkStream to) {
            writables++;
        }

        @Override
        public void closed(LinkStream from, StreamEnd end) {
            ended = end;
        }
    }
}
