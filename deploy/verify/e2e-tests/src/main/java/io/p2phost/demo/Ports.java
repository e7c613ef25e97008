package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that servers of the demo listen at, also when they come back. */
final class Ports {
    /** Below those that systems give to outgoing connections, so nobody takes them meanwhile. */
    private static final int LOWEST = 20_000;

    private static final int COUNT = 12_000;
    private static final int ATTEMPTS = 100;

    private final Set<Endpoint> given = new HashSet<>();

    /** One that is free, given to nobody else. */
    Endpoint free(String address) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Endpoint port = new Endpoint(
                    Endpoint.address(address),
                    LOWEST + ThreadLocalRandom.current().nextInt(COUNT));
            if (isFree(port) && given.add(port)) {
                return port;
            }
        }
        throw new DemoFailure("no free port at " + address + " (expected: an address of this machine)");
    }

    static boolean isFree(Endpoint port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port.host(), port.port()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
