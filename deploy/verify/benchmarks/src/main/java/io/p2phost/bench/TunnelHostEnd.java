package io.p2phost.bench;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tunnel.OpenAnswer;
import io.p2phost.links.tunnel.TunnelClient;
import io.p2phost.links.tunnel.TunnelClientListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** The host's end of a tunnel in a process of its own: each stream goes on to one map-server. */
final class TunnelHostEnd {
    private TunnelHostEnd() {}

    /** Folder with the key and certificates, the relay's port, the map-server's. Ends with its input. */
    public static void main(String[] args) throws Exception {
        InetSocketAddress cell = loopback(args[2]);
        try (LinkTransport transport =
                        LinkTransport.start("tunnel", Runtime.getRuntime().availableProcessors());
                TunnelClient client = new TunnelClient(
                        TunnelClient.Options.of(loopback(args[1]), "bench"),
                        RotatingTls.connecting(TlsFolder.read(Path.of(args[0]))),
                        transport,
                        new DialPlaces(),
                        new Cell(cell),
                        LinkMetrics.NONE)) {
            client.start();
            while (System.in.read() >= 0) {
                // Whoever started us is still there.
            }
        }
    }

    private static InetSocketAddress loopback(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    private record Cell(InetSocketAddress address) implements TunnelClientListener {
        @Override
        public void assign(MapName map, Epoch epoch, CellRole role) {}

        @Override
        public void fenced(MapName map, Epoch currentEpoch) {}

        @Override
        public OpenAnswer open(MapName map, Epoch epoch) {
            return OpenAnswer.accept(address);
        }
    }
}
