package io.p2phost.agent.serving;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Whether a map-server can be connected to. */
@FunctionalInterface
public interface Probe {
    /** Returns if the server accepted a connection. */
    void check(LocalServer server) throws IOException;

    /** Connects and hangs up. */
    static Probe tcp(Duration timeout) {
        return server -> {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(server.host(), server.port()), Math.toIntExact(timeout.toMillis()));
            }
        };
    }
}
