package io.p2phost.relay.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.links.Bytes;
import io.p2phost.links.frame.Frame;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.tunnel.Tunnel;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.ServerLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A stream to a cell. What it is sent first, before anybody knows whether it can be reached, goes with the OPEN: so whoever
 * enters waits for one round trip to the host, not for two. What happens on the tunnel's loop is told on the player's, in order. Bytes count as taken when the
 * player's connection takes them: a slow player stops his own stream after one window, and nothing else.
 */
final class StreamServerLink implements ServerLink, StreamListener {
    /** How long a cell may take to end its side after the player's side has ended. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    private final Loop loop;
    private Events events;

    // The player's loop only.
    private @Nullable LinkStream stream;
    /** What is sent before there is a stream. */
    private ByteBuf early = Unpooled.EMPTY_BUFFER;

    private boolean answered;
    private boolean writable = true;
    private boolean reading = true;
    private boolean over;
    private boolean ended;
    private boolean abandoned;
    private final Deque<Integer> owed = new ArrayDeque<>();

    StreamServerLink(Loop loop) {
        this(loop, new Nobody());
    }

    /** Until it is told to whom its events go. */
    private static final class Nobody implements Events {
        @Override
        public void connected(ServerLink link) {}

        @Override
        public void failed(String why) {}

        @Override
        public void received(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void writable() {}

        @Override
        public void ended() {}
    }

    StreamServerLink(Loop loop, Events events) {
        this.loop = loop;
        this.events = events;
    }

    /** Opens the stream; its first bytes are what the player sends as soon as he hears that he is connected. */
    void open(Tunnel tunnel, Destination to, int source) {
        events.connected(this);
        if (!over) {
            Bytes first = Bytes.of(early.readSlice(Math.min(early.readableBytes(), Frame.Open.MOST_FIRST)));
            tunnel.open(to.map(), to.epoch(), source, first, this);
        }
    }

    /** One that another process had until now: its stream is still to come. On the player's loop. */
    void goOnTo(Events next) {
        events = next;
        answered = true;
    }

    /** What it was carried with. On the player's loop. */
    @Nullable
    LinkStream stream() {
        return over ? null : stream;
    }

    /** No stream has come: the host has given it up. On the player's loop. */
    void endIfMissing() {
        if (stream == null) {
            end();
        }
    }

    // ---- from the stream, on the tunnel's loop ----

    @Override
    public void opening(LinkStream opened) {
        loop.execute(() -> {
            stream = opened;
            if (over) {
                forgetEarly();
                opened.reset(ResetCode.CONNECTION_RESET);
                return;
            }
            ByteBuf rest = early;
            early = Unpooled.EMPTY_BUFFER;
            send(rest);
            if (writable) {
                events.writable();
            }
        });
    }

    @Override
    public void opened(LinkStream reached) {
        loop.execute(() -> answered = true);
    }

    @Override
    public void data(LinkStream from, ByteBuf payload) {
        loop.execute(() -> {
            int bytes = payload.readableBytes();
            if (over) {
                payload.release();
                if (abandoned) {
                    // The process that should have gone on with it is no more.
                    from.reset(ResetCode.CONNECTION_RESET);
                }
            } else {
                events.received(payload);
            }
            if (reading || over) {
                from.consumed(bytes);
            } else {
                owed.add(bytes);
            }
        });
    }

    @Override
    public void finished(LinkStream from) {
        loop.execute(() -> {
            from.finish();
            end();
        });
    }

    @Override
    public void writable(LinkStream to) {
        loop.execute(() -> {
            writable = true;
            if (!over) {
                events.writable();
            }
        });
    }

    @Override
    public void closed(LinkStream from, StreamEnd end) {
        loop.execute(() -> {
            ended = true;
            end();
        });
    }

    private void end() {
        forgetEarly();
        if (!over) {
            over = true;
            events.ended();
        }
    }

    private void forgetEarly() {
        early.release();
        early = Unpooled.EMPTY_BUFFER;
    }

    // ---- from the player, on his loop ----

    @Override
    public void send(ByteBuf bytes) {
        if (over) {
            bytes.release();
        } else if (stream == null) {
            early = Unpooled.wrappedBuffer(early, bytes);
        } else if (!stream.write(bytes)) {
            writable = false;
        }
    }

    @Override
    public boolean isWritable() {
        return writable && stream != null;
    }

    @Override
    public void reading(boolean on) {
        reading = on;
        while (on && stream != null && !owed.isEmpty()) {
            stream.consumed(owed.remove());
        }
    }

    @Override
    public void abandon() {
        over = true;
        abandoned = true;
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        LinkStream open = stream;
        if (open == null) {
            forgetEarly();
            return;
        }
        reading(true);
        if (answered) {
            open.finish();
            loop.after(LINGER, () -> {
                if (!ended) {
                    open.reset(ResetCode.CONNECTION_RESET);
                }
            });
        } else {
            open.reset(ResetCode.CONNECTION_RESET);
        }
    }
}
