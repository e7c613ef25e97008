package io.p2phost.relay.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.relay.codec.StreamCodec;
import io.p2phost.relay.codec.StreamCodec.Direction;
import io.p2phost.relay.codec.StreamCodec.Match;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.MapServers;
import io.p2phost.relay.player.ServerLink;
import org.jspecify.annotations.Nullable;

/** One client's connection and the codec, once its first bytes have told whether it needs it. On the player's loop. */
final class Coded implements MapServers {
    /** Whatever has not been recognised by then is plain. */
    private static final int MOST_FIRST_BYTES = 256;

    private final @Nullable StreamCodec codec;
    private final MapServers servers;
    private ByteBuf first = Unpooled.EMPTY_BUFFER;
    private boolean told;
    private boolean on;
    private Direction in = Direction.PLAIN;
    private Direction out = Direction.PLAIN;

    Coded(@Nullable StreamCodec codec, MapServers servers) {
        this.codec = codec;
        this.servers = servers;
        this.told = codec == null;
    }

    /** What the client sent, as plain packets; owns the buffer. */
    ByteBuf received(ByteBuf bytes) {
        if (told || codec == null) {
            return in.pass(bytes);
        }
        first = Unpooled.wrappedBuffer(first, bytes);
        Match match = codec.match(first);
        if (match == Match.MORE && first.readableBytes() < MOST_FIRST_BYTES) {
            return Unpooled.EMPTY_BUFFER;
        }
        told = true;
        on = match == Match.YES;
        if (on) {
            in = codec.fromClient();
            out = codec.toClient();
        }
        ByteBuf all = first;
        first = Unpooled.EMPTY_BUFFER;
        return in.pass(all);
    }

    /** Plain packets, as the client reads them; owns the buffer. */
    ByteBuf sent(ByteBuf bytes) {
        return out.pass(bytes);
    }

    void close() {
        first.release();
        first = Unpooled.EMPTY_BUFFER;
        told = true;
    }

    @Override
    public Runnable dial(Loop loop, Destination to, int account, ServerLink.Events events) {
        return servers.dial(loop, to, account, on && codec != null ? new CodedLink(codec, events) : events);
    }

    /** A map-server's connection, which reads and sends what such a client does. */
    private static final class CodedLink implements ServerLink, ServerLink.Events {
        private final Direction toServer;
        private final Direction fromServer;
        private final ServerLink.Events events;
        private @Nullable ServerLink link;

        CodedLink(StreamCodec codec, ServerLink.Events events) {
            this.toServer = codec.toServer();
            this.fromServer = codec.fromServer();
            this.events = events;
        }

        @Override
        public void connected(ServerLink made) {
            link = made;
            events.connected(this);
        }

        @Override
        public void failed(String why) {
            events.failed(why);
        }

        @Override
        public void received(ByteBuf bytes) {
            events.received(fromServer.pass(bytes));
        }

        @Override
        public void writable() {
            events.writable();
        }

        @Override
        public void ended() {
            events.ended();
        }

        @Override
        public void send(ByteBuf bytes) {
            if (link == null) {
                bytes.release();
            } else {
                link.send(toServer.pass(bytes));
            }
        }

        @Override
        public boolean isWritable() {
            return link == null || link.isWritable();
        }

        @Override
        public void reading(boolean more) {
            if (link != null) {
                link.reading(more);
            }
        }

        @Override
        public void close() {
            if (link != null) {
                link.close();
            }
        }
    }
}
