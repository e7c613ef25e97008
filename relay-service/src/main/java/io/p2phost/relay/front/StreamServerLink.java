package io.p2phost.relay.front;

import io.netty.buffer.ByteBuf;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.ServerLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A stream to a cell. What happens on the tunnel's loop is told on the player's, in order. Bytes count as taken when the
 * player's connection takes them: a slow player stops his own stream after one window, and nothing else.
 */
final class StreamServerLink implements ServerLink, StreamListener {
    /** How long a cell may take to end its side after the player's side has ended. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    private final Loop loop;
    private final Events events;

    // The player's loop only.
    private @Nullable LinkStream stream;
    private boolean connected;
    private boolean writable = true;
    private boolean reading = true;
    private boolean over;
    private boolean ended;
    private final Deque<Integer> owed = new ArrayDeque<>();

    StreamServerLink(Loop loop, Events events) {
        this.loop = loop;
        this.events = events;
    }

    // ---- from the stream, on the tunnel's loop ----

    @Override
    public void opening(LinkStream opened) {
        loop.execute(() -> {
            stream = opened;
            if (over) {
                opened.reset(ResetCode.CONNECTION_RESET);
            }
        });
    }

    @Override
    public void opened(LinkStream opened) {
        loop.execute(() -> {
            connected = true;
            if (!over) {
                events.connected(this);
            }
        });
    }

    @Override
    public void data(LinkStream from, ByteBuf payload) {
        loop.execute(() -> {
            int bytes = payload.readableBytes();
            if (over) {
                payload.release();
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
        if (!over) {
            over = true;
            if (connected) {
                events.ended();
            } else {
                events.failed("stream " + (stream == null ? "" : stream.resetCode()));
            }
        }
    }

    // ---- from the player, on his loop ----

    @Override
    public void send(ByteBuf bytes) {
        if (stream == null || over) {
            bytes.release();
        } else if (!stream.write(bytes)) {
            writable = false;
        }
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void reading(boolean on) {
        reading = on;
        while (on && stream != null && !owed.isEmpty()) {
            stream.consumed(owed.remove());
        }
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        LinkStream open = stream;
        if (open == null) {
            return;
        }
        reading(true);
        if (connected) {
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
