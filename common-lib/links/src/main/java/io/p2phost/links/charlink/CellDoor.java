package io.p2phost.links.charlink;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.p2phost.links.net.LinkTransport;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The local address at which a map's cell finds its char-server; it outlives the links that claim the map. A cell that
 * comes while no link is accepted waits, unread: one that is sent away, a stock map-server tries again only ten seconds
 * later, and the players of a map that is just moved here would wait with it. One cell waits at a time, the newest.
 * Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that ends is noticed by its close future
public final class CellDoor implements AutoCloseable {
    private final EventLoop loop;
    private final Channel listening;

    // On the loop.
    private @Nullable SocketChannel waiting;
    private @Nullable CharLinkClient client;

    private CellDoor(EventLoop loop, ServerBootstrap bootstrap, InetSocketAddress listen) {
        this.loop = loop;
        this.listening = bootstrap
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel cell) {
                        came(cell);
                    }
                })
                .bind(listen)
                .syncUninterruptibly()
                .channel();
    }

    /**
     * Listens at an address; port 0 lets the system choose.
     *
     * @throws io.netty.channel.ChannelException if it cannot be listened at
     */
    public static CellDoor open(LinkTransport transport, InetSocketAddress listen) {
        EventLoop loop = transport.group().next();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true);
        return new CellDoor(loop, bootstrap, listen);
    }

    /** Where the cell shall look for its char-server. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Listens no more; waits a second at most. Not to be called on a loop. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        loop.execute(() -> {
            if (waiting != null) {
                waiting.close();
            }
        });
    }

    EventLoop loop() {
        return loop;
    }

    // ---- on the loop ----

    /** That client's link gets the cell from now on. */
    void lead(CharLinkClient to) {
        client = to;
    }

    /** That client has no more link to come. */
    void part(CharLinkClient from) {
        if (client == from) {
            client = null;
        }
    }

    /** The client's link is there: who waits goes on. */
    void open(CharLinkClient to) {
        SocketChannel cell = waiting;
        if (client == to && cell != null) {
            waiting = null;
            to.join(cell);
        }
    }

    private void came(SocketChannel cell) {
        if (client != null && client.isAccepted()) {
            client.join(cell);
            return;
        }
        if (waiting != null) {
            waiting.close();
        }
        waiting = cell;
        cell.closeFuture().addListener(closed -> {
            if (cell.equals(waiting)) {
                waiting = null;
            }
        });
    }
}
