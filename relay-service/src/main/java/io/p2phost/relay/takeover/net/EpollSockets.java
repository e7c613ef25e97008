package io.p2phost.relay.takeover.net;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.relay.takeover.Sockets;
import java.io.IOException;
import org.springframework.stereotype.Component;

@Component
class EpollSockets implements Sockets {
    @Override
    public LinkTransport.Kind kind() {
        if (!Epoll.isAvailable()) {
            throw new IllegalStateException(
                    "p2p.relay.takeover.socket: this system's sockets cannot be handed over: "
                            + Epoll.unavailabilityCause().getMessage()
                            + " (expected: Linux on x86-64 or arm64, or no such setting)",
                    Epoll.unavailabilityCause());
        }
        return new LinkTransport.Kind(
                EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class, true);
    }

    @Override
    public SocketChannel connected(int descriptor) {
        return new EpollSocketChannel(descriptor);
    }

    @Override
    public ServerSocketChannel listening(int descriptor) {
        return new EpollServerSocketChannel(descriptor);
    }

    @Override
    public void close(int descriptor) {
        try {
            new FileDescriptor(descriptor).close();
        } catch (IOException e) {
            // It is over in any case.
        }
    }
}
