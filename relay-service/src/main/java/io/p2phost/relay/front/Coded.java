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
    /** What its streams share; null while they are plain, or not told. */
    private StreamCodec.@Nullable Session session;

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
        if (match == Match.YES) {
            open(codec.open());
        }
        ByteBuf all = first;
        first = Unpooled.EMPTY_BUFFER;
        return in.pass(all);
    }

    private void open(StreamCodec.Session opened) {
        session = opened;
        in = opened.fromClient();
        out = opened.toClient();
    }

    /** Plain packets, as the client reads them; owns the buffer. */
    ByteBuf sent(ByteBuf bytes) {
        return out.pass(bytes);
    }

    // ---- from one process to the next ----

    /** Whether another process can go on with it. */
    boolean isCarried() {
        return session == null || (codec != null && codec.isCarried());
    }

    /** What another process needs; {@code to} is the connection to his map-server, if it is carried. */
    Carried.Code image(@Nullable ServerLink to) {
        Carried.Streams streams = null;
        if (session != null) {
            StreamCodec.Server server = to instanceof CodedLink coded ? coded.server : null;
            streams = new Carried.Streams(
                    session.state(),
                    in.state(),
                    out.state(),
                    server == null ? Bytes.NONE : server.to().state(),
                    server == null ? Bytes.NONE : server.from().state());
        }
        return new Carried.Code(told, Bytes.of(first), streams);
    }

    /** Another process had it until now. False when this one has no codec for it. */
    boolean goOnFrom(Carried.Code image) {
        Carried.Streams streams = image.streams();
        if (codec == null) {
            return streams == null;
        }
        told = image.told();
        first = image.first().toBuffer();
        if (streams != null) {
            StreamCodec.Session opened = codec.open();
            opened.goOnFrom(streams.session());
            open(opened);
            in.goOnFrom(streams.in());
            out.goOnFrom(streams.out());
        }
        return true;
    }

    /** A map-server's connection of another process, made by {@code made} for whoever is told what happens. */
    ServerLink carried(Carried.Code image, ServerLink.Events events, Function<ServerLink.Events, ServerLink> made) {
        Carried.Streams streams = image.streams();
        if (session == null || streams == null) {
            return made.apply(events);
        }
        CodedLink coded = new CodedLink(session.server(), events);
        coded.server.to().goOnFrom(streams.toServer());
        coded.server.from().goOnFrom(streams.fromServer());
        coded.link = made.apply(coded);
        return coded;
    }

    /** What carries it. */
    static @Nullable ServerLink carrier(@Nullable ServerLink link) {
        return link instanceof CodedLink coded ? coded.link : link;
    }

    void close() {
        if (session != null) {
            session.close();
            session = null;
        }
        first.release();
        first = Unpooled.EMPTY_BUFFER;
        told = true;
    }

    @Override
    public Runnable dial(Loop loop, Destination to, int account, ServerLink.Events events) {
        return servers.dial(loop, to, account, session == null ? events : new CodedLink(session.server(), events));
    }

    /** A map-server's connection, which reads and sends what such a client does. */
    private static final class CodedLink implements ServerLink, ServerLink.Events {
        private final StreamCodec.Server server;
        private final ServerLink.Events events;
        private @Nullable ServerLink link;

        CodedLink(StreamCodec.Server server, ServerLink.Events events) {
            this.server = server;
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
            events.received(server.from().pass(bytes));
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
                link.send(server.to().pass(bytes));
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
