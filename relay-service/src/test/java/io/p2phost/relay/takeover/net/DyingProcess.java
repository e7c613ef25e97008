package io.p2phost.relay.takeover.net;

import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.relay.takeover.Message;
import io.p2phost.relay.takeover.Messages;
import java.nio.file.Path;
import java.time.Duration;

/** A new process that asks for everything, gets all of it, descriptors included, and is killed before it can say so. */
public final class DyingProcess {
    private DyingProcess() {}

    public static void main(String[] args) throws Exception {
        LinkTransport transport = LinkTransport.start(
                "dying",
                1,
                new LinkTransport.Kind(
                        EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class, true));
        try (UnixLine line = UnixLine.ask(Path.of(args[0]), transport.group(), Duration.ofSeconds(10))) {
            line.send(new Message.Hello(Integer.parseInt(args[2]), args[1]));
            int players = 0;
            for (Message message = line.receive(); !(message instanceof Message.End); message = line.receive()) {
                if (message instanceof Message.Refused refused) {
                    System.out.println("refused: " + refused.why());
                    Runtime.getRuntime().halt(2);
                }
                if (message instanceof Message.Player) {
                    line.passed();
                    players++;
                }
            }
            System.out.println("has " + players + " players, format " + Messages.FORMAT);
            Runtime.getRuntime().halt(1);
        }
    }
}
