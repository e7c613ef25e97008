package io.p2phost.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.CloseReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.mux.LinkSettings;
import io.p2phost.links.mux.StreamPipe;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import io.p2phost.links.tunnel.Tunnel;
import io.p2phost.links.tunnel.TunnelServer;
import io.p2phost.links.tunnel.TunnelServerListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The relay's end of a tunnel in a process of its own: tunnels on one port; whoever connects to the other is a stream
 * through the tunnel, as it is.
 */
final class TunnelRelayEnd {
    static final MapName MAP = MapName.of("prontera");
    static final Epoch EPOCH = Epoch.of(1);

    /** All of the measurement has one address. */
    private static final AddressLimits.Rules LIMITS = new AddressLimits.Rules(4_000, 4_000, 1_000, 1_000, 16_384);

    private TunnelRelayEnd() {}

    /** Folder with the key and certificates. Prints both ports, {@code up} with the tunnel, and ends with its input. */
    public static void main(String[] args) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        CompletableFuture<Tunnel> tunnel = new CompletableFuture<>();
        try (LinkTransport transport =
                        LinkTransport.start("tunnel", Runtime.getRuntime().availableProcessors());
                TunnelServer server = new TunnelServer(
                        new TunnelServer.Options("relay-1", LinkSettings.defaults(), LIMITS),
                        RotatingTls.accepting(TlsProvider.best(), TlsFolder.read(Path.of(args[0]))),
                        transport,
                        host -> CompletableFuture.completedFuture(Optional.empty()),
                        new FirstTunnel(tunnel),
                        LinkMetrics.NONE)) {
            int tunnels = server.start(any).getPort();
            Channel players = new ServerBootstrap()
                    .group(transport.group())
                    .channel(transport.serverChannel())
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.AUTO_READ, false)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel player) {
                            StreamPipe pipe = new StreamPipe(player);
                            player.pipeline().addLast(pipe);
                            tunnel.join().open(MAP, EPOCH, SourceAddress.NONE, Bytes.NONE, pipe);
                        }
                    })
                    .bind(any)
                    .syncUninterruptibly()
                    .channel();
            System.out.println(tunnels + " " + ((InetSocketAddress) players.localAddress()).getPort());
            tunnel.join();
            System.out.println("up");
            while (System.in.read() >= 0) {
                // Whoever started us is still there.
            }
            players.close().syncUninterruptibly();
        }
    }

    private record FirstTunnel(CompletableFuture<Tunnel> first) implements TunnelServerListener {
        @Override
        public void connected(Tunnel tunnel) {
            first.complete(tunnel);
        }

        @Override
        public void ready(Tunnel tunnel, MapName map, Epoch epoch, boolean ready, String detail) {}

        @Override
        public void lost(Tunnel tunnel, CloseReason reason) {}
    }
}
