package io.p2phost.links.tunnel;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import io.p2phost.links.RoundTrip;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.SourceAddress;
import io.p2phost.links.mux.StreamListener;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One host's live tunnel as the relay holds it. All methods may be called from any thread and never block. */
public interface Tunnel {
    /** The host, by its certificate. */
    HostId host();

    /**
     * Whether a connection of it stands. Without one its streams wait for a while; new ones are lost at once, and what
     * is told is not heard.
     */
    boolean isUp();

    /** Where the tunnel comes from, or null when the socket is gone. */
    @Nullable
    SocketAddress remoteAddress();

    /** How far the host is, as measured here on the nearest of its connections; nothing while none was measured. */
    Optional<RoundTrip> measured();

    /** Streams open now, those that wait included. */
    int streams();

    /** Tells the host to serve a map. */
    void assign(MapName map, Epoch epoch, CellRole role);

    /** Tells the host that it no longer owns the map, and resets the map's streams of lower epochs. */
    void fence(MapName map, Epoch currentEpoch);

    /**
     * Opens a stream to the map's cell; every outcome comes through the listener.
     *
     * @param source address that the cell sees, of 127.64.0.0/10, or {@link SourceAddress#NONE}
     * @param first what the cell is sent as soon as it is reached
     */
    void open(MapName map, Epoch epoch, int source, Bytes first, StreamListener listener);
}
