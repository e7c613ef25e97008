package io.p2phost.links.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Event loops of one owner. Several services share one JVM in the small form, so each makes its own and closes it. NIO
 * where nothing else is asked for, because Netty's own epoll transport reads on although auto-read is off once a peer has
 * ended its output: the last bytes of a player were lost with it.
 */
public final class LinkTransport implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final EventLoopGroup group;
    private final Kind kind;

    private LinkTransport(EventLoopGroup group, Kind kind) {
        this.group = group;
        this.kind = kind;
    }

    /**
     * What sockets are made of. One that reads on although auto-read is off needs an {@link AutoReadGate} on each of its
     * connections whose reading is ever stopped.
     *
     * @param handlers makes what waits for the sockets of one loop
     * @param server the class of listening sockets
     * @param socket the class of connections
     * @param readsOn whether it reads on although auto-read is off
     */
    public record Kind(
            IoHandlerFactory handlers,
            Class<? extends ServerSocketChannel> server,
            Class<? extends SocketChannel> socket,
            boolean readsOn) {
        /** The JDK's own. */
        public static Kind nio() {
            return new Kind(NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class, false);
        }
    }

    /**
     * Starts event loops.
     *
     * @param name prefix of the threads' names
     * @param threads number of loops, at least 1
     */
    public static LinkTransport start(String name, int threads) {
        return start(name, threads, Kind.nio());
    }

    /** As {@link #start(String, int)}, with other sockets. */
    public static LinkTransport start(String name, int threads, Kind kind) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
        }
        return new LinkTransport(
                new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), kind.handlers()), kind);
    }

    public EventLoopGroup group() {
        return group;
    }

    public Class<? extends ServerSocketChannel> serverChannel() {
        return kind.server();
    }

    public Class<? extends SocketChannel> socketChannel() {
        return kind.socket();
    }

    /** Whether connections read on although auto-read is off, once their peer has ended its output. */
    public boolean readsOn() {
        return kind.readsOn();
    }

    /** Ends the loops and with them every channel; waits a few seconds at most. Not to be called on a loop. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
    }
}
