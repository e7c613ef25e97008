package io.p2phost.ro.sim;

import io.p2phost.ro.inter.InterLengths;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.function.Function;

/** A simulated map-server at a port of this machine. */
public final class SimMapServerTcp implements AutoCloseable {
    private final SimTcp tcp;
    private final SimMapServer mapServer;
    private final Endpoint endpoint;

    /**
     * Starts it.
     *
     * @param listenAt where clients reach it; what it announces is in the settings
     */
    public SimMapServerTcp(MapServerSettings settings, SimWorld world, Endpoint listenAt) throws IOException {
        Clock clock = Clock.systemUTC();
        tcp = new SimTcp("sim-map-server", clock);
        mapServer = new SimMapServer(settings, world, clock, tcp.dialer(to -> SimTcp.cutter(InterLengths.CHAR_TO_MAP)));
        try {
            InetSocketAddress at = tcp.listen(
                    listenAt.socketAddress(), SimCharServerTcp.STOCK_BACKLOG, SimTcp.Entering::new, mapServer);
            endpoint = new Endpoint(listenAt.address(), at.getPort());
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
        tcp.start(mapServer);
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Asks or tells it something, in its own thread. */
    public <T> T ask(Function<SimMapServer, T> question) {
        return tcp.call(() -> question.apply(mapServer));
    }

    /** Saves everybody and ends. */
    public void shutDown() {
        tcp.call(() -> {
            mapServer.shutDown();
            return true;
        });
        tcp.drain();
        tcp.close();
    }

    /** Ends at once, as by kill -9. */
    @Override
    public void close() {
        tcp.close();
    }
}
