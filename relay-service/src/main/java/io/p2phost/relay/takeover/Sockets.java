package io.p2phost.relay.takeover;

import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.p2phost.links.net.LinkTransport;

/** Sockets that can be handed from one process to another. */
public interface Sockets {
    /** What the relay's sockets have to be made of; thrown where this system has no such. */
    LinkTransport.Kind kind();

    /** A connection of another process, by its descriptor here. */
    SocketChannel connected(int descriptor);

    /** A listening socket of another process, by its descriptor here. */
    ServerSocketChannel listening(int descriptor);

    /** Closes one that is not needed here. */
    void close(int descriptor);
}
