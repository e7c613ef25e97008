package io.p2phost.relay.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.p2phost.links.Bytes;
import io.p2phost.relay.codec.StreamCodec;
import io.p2phost.relay.codec.StreamCodec.Direction;
import io.p2phost.relay.codec.StreamCodec.Match;
import io.p2phost.relay.player.Destination;
import io.p2phost.relay.player.Loop;
import io.p2phost.relay.player.MapServers;
import io.p2phost.relay.player.ServerLink;
import java.util.function.Function;
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

    // ---- from one process to the next ----

    /** Whether another process can go on with it. */
    boolean isCarried() {
        return !on || (codec != null && codec.isCarried());
    }

    /** What another process needs; {@code to} is the connection to his map-server, if it is carried. */
    Carried.Code image(@Nullable ServerLink to) {
        Carried.Streams streams = null;
        if (on) {
            CodedLink link = to instanceof CodedLink coded ? coded : null;
            streams = new Carried.Streams(
                    in.state(),
                    out.state(),
                    link == null ? Bytes.NONE : link.toServer.state(),
                    link == null ? Bytes.NONE : link.fromServer.state());
        }
        return new Carried.Code(told, Bytes.of(first), streams);
    }

    /** Another process had it until now. False when this one has no codec for it. */
    boolean goOnFrom(Carried.Code image) {
        Carried.Streams streams = image.streams();
        on = streams != null;
        if (codec == null) {
            return !on;
        }
        told = image.told();
        first = image.first().toBuffer();
        if (streams != null) {
            in = codec.fromClient();
            in.goOnFrom(streams.in());
            out = codec.toClient();
            out.goOnFrom(streams.out());
        }
        return true;
    }

    /** A map-server's connection of another process, made by {@code made} for whoever is told what happens. */
    ServerLink carried(Carried.Code image, ServerLink.Events events, Function<ServerLink.Events, ServerLink> made) {
        Carried.Streams streams = image.streams();
        if (codec == null || streams == null) {
            return made.apply(events);
        }
        CodedLink coded = new CodedLink(codec, events);
        coded.toServer.goOnFrom(streams.toServer());
        coded.fromServer.goOnFrom(streams.fromServer());
        coded.link = made.apply(coded);
        return coded;
    }

    /** What carries it. */
    static @Nullable ServerLink carrier(@Nullable ServerLink link) {
        return link instanceof CodedLink coded ? coded.link : link;
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
        public void abandon() {
            if (link != null) {
                link.abandon();
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
