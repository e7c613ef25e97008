package io.p2phost.links.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.InetSocketAddress;

/** Where a service listens. */
public sealed interface Door {
    /** An address that is free. */
    record At(InetSocketAddress address) implements Door {}

    /** A socket that listens already, e.g. because another process had it until now. */
    record Given(ServerSocketChannel socket) implements Door {}

    /** Listens there; blocks until it does. What makes it fail is thrown. */
    default Channel open(ServerBootstrap bootstrap, LinkTransport transport) {
        ChannelFuture opening = switch (this) {
            case At at -> bootstrap.channel(transport.serverChannel()).bind(at.address());
            case Given given -> bootstrap.channelFactory(given::socket).register();
        };
        return opening.syncUninterruptibly().channel();
    }
}
