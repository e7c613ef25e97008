package io.p2phost.relay.player;

import io.p2phost.links.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A player's session, as another process of the relay goes on with it.
 *
 * @param address where he comes from
 * @param first the begin of his first packet, while it is not whole
 * @param enter the packet that enters, once it is there
 * @param number of his session
 * @param group of his account
 * @param seen his client was told that it was read
 * @param inGame a map-server has let him in on this connection
 * @param loading maps that the client was told of and has not loaded yet
 * @param quitting he asked to quit and was not answered
 * @param opaque what he was sent cannot be told apart into packets
 * @param clientOpaque likewise, what he sends
 * @param half the begin of a packet of his
 * @param tick the game's clock as he knows it
 * @param aloneMillis for how long he has had no map-server
 * @param connectedMillis for how long his connection stands
 * @param trips how his map-servers answered on it
 * @param screen what map-servers have put on his screen, where that is followed
 * @param server his map-server; null when he has none, or none that could be gone on with
 * @param pipe his way to the reserve, when nobody here can read his stream
 */
public record SessionImage(
        String address,
        Bytes first,
        Bytes enter,
        long number,
        int group,
        boolean seen,
        boolean inGame,
        int loading,
        boolean quitting,
        boolean opaque,
        boolean clientOpaque,
        Bytes half,
        int tick,
        long aloneMillis,
        long connectedMillis,
        Commands.Trips trips,
        @Nullable Screen screen,
        @Nullable Server server,
        @Nullable Pipe pipe) {

    /** See {@link io.p2phost.relay.player.Screen}. */
    public record Screen(
            List<Integer> icons,
            String name,
            boolean trade,
            boolean storage,
            boolean room,
            boolean progress,
            boolean altered,
            @Nullable Integer dialog) {
        public Screen {
            icons = List.copyOf(icons);
        }
    }

    /**
     * His map-server, which has let him in.
     *
     * @param to who it is
     * @param open his packets are for it
     * @param drawn it knows that his client has loaded the map
     * @param settled it has loaded him whole
     * @param farewell it took leave of him
     * @param opaque what it sends cannot be told apart into packets
     * @param half the begin of a packet of its
     */
    public record Server(
            Destination to,
            boolean open,
            boolean drawn,
            boolean settled,
            boolean farewell,
            boolean opaque,
            Bytes half) {}

    /**
     * See {@link ProtectedPipe}.
     *
     * @param answered the reserve has said something
     */
    public record Pipe(boolean answered) {}
}
