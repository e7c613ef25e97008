package io.p2phost.relay.takeover.net;

import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.relay.takeover.Message;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** A running process that is asked for everything, and is killed when it has begun to tell. */
public final class DyingGiver {
    private DyingGiver() {}

    public static void main(String[] args) throws Exception {
        Path socket = Path.of(args[0]);
        if (!new LockFile(Path.of(socket + ".lock")).take(Duration.ZERO)) {
            throw new IllegalStateException("another process has the lock (expected: none)");
        }
        LinkTransport transport = LinkTransport.start(
                "dying",
                1,
                new LinkTransport.Kind(
                        EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class, true));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        System.out.println("listening");
        UnixLine line = UnixLine.answer(server.accept(), transport.group(), Duration.ofSeconds(10));
        if (line.receive() instanceof Message.Hello) {
            line.send(new Message.Welcome());
            Runtime.getRuntime().halt(1);
        }
    }
}
