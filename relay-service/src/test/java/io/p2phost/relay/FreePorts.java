package io.p2phost.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

/** Ports for a relay's front, below those that the system gives away by itself. */
public final class FreePorts {
    public static final int COUNT = 16;

    private FreePorts() {}

    /** First of that many free ports in a row. */
    public static int first() {
        int start = 20_000 + (int) (ProcessHandle.current().pid() % 700) * COUNT;
        for (int first = start; first < 32_000; first += COUNT) {
            int base = first;
            if (IntStream.range(base, base + COUNT).allMatch(FreePorts::isFree)) {
                return base;
            }
        }
        throw new IllegalStateException("no free ports in a row");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
