package io.p2phost.links.net;

import io.netty.channel.EventLoopGroup;
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
 * Event loops of one owner. Several services share one JVM in the small form, so each makes its own and closes it. NIO,
 * because Netty's own epoll transport reads on although auto-read is off once a peer has ended its output: the last
 * bytes of a player were lost with it.
 */
public final class LinkTransport implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final EventLoopGroup group;

    private LinkTransport(EventLoopGroup group) {
        this.group = group;
    }

    /**
     * Starts event loops.
     *
     * @param name prefix of the threads' names
     * @param threads number of loops, at least 1
     */
    public static LinkTransport start(String name, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
        }
        return new LinkTransport(new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory()));
    }

    public EventLoopGroup group() {
        return group;
    }

    public Class<? extends ServerSocketChannel> serverChannel() {
        return NioServerSocketChannel.class;
    }

    public Class<? extends SocketChannel> socketChannel() {
        return NioSocketChannel.class;
    }

    /** Ends the loops and with them every channel; waits a few seconds at most. Not to be called on a loop. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
    }
}
