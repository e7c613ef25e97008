package io.p2phost.links.tunnel;

import io.p2phost.contracts.HostId;
import io.p2phost.links.mux.StreamsImage;
import io.p2phost.links.mux.Tokens;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel as another process of the relay takes it on: its connections have ended, their streams wait.
 *
 * @param peer where the host came from
 */
public record TunnelImage(HostId host, @Nullable InetSocketAddress peer, List<Lane> lanes) {
    public TunnelImage {
        lanes = List.copyOf(lanes);
    }

    /** What one connection has left behind. */
    public record Lane(boolean leads, Tokens tokens, StreamsImage streams) {}
}
