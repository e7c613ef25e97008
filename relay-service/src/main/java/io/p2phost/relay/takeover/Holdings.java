package io.p2phost.relay.takeover;

import io.p2phost.links.tunnel.TunnelImage;
import io.p2phost.relay.front.Carried;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one process of the relay has and the next goes on with. Descriptors are numbers of the process that reads this.
 *
 * @param fronts descriptors of the sockets that players connect to, in their order
 * @param tunnelDoor descriptor of the socket that hosts connect to
 * @param charDoor descriptor of the socket that clients on their way to the char-server connect to; null: none
 * @param players who plays; streams of tunnels call each by his place in this list
 * @param tunnels the hosts' tunnels
 */
public record Holdings(
        List<Integer> fronts,
        int tunnelDoor,
        @Nullable Integer charDoor,
        List<Carried> players,
        List<TunnelImage> tunnels) {
    public Holdings {
        fronts = List.copyOf(fronts);
        players = List.copyOf(players);
        tunnels = List.copyOf(tunnels);
    }
}
