package io.p2phost.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.dbproxy.engine.Engine;
import io.p2phost.links.LinkMetrics;
import java.util.List;

/** Ours, in a process of its own: db-proxy's engine with its sockets. */
final class PassServer {
    private PassServer() {}

    /** Prints the port for map-servers, and ends with its input. */
    public static void main(String[] args) throws Exception {
        int charPort = Integer.parseInt(args[0]);
        try (Engine engine = EngineAlone.engine(
                charPort, LinkMetrics.NONE, List.of(), Engine.Witness.NONE, new SimpleMeterRegistry())) {
            engine.start(() -> System.exit(1));
            System.out.println(engine.vpsPort());
            while (System.in.read() >= 0) {
                // Whoever started us is still there.
            }
        }
    }
}
