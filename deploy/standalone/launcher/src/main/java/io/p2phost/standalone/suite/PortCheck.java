package io.p2phost.standalone.suite;

import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.StringJoiner;

/** Finds ports that somebody else uses before the suite starts half-way into them. */
public final class PortCheck {
    private PortCheck() {}

    public static void check(PortPlan ports) throws Refusal {
        StringJoiner taken = new StringJoiner(", ");
        int count = 0;
        for (var owner : ports.owners().entrySet()) {
            if (!isFree(owner.getKey())) {
                count++;
                taken.add(owner.getKey() + " (needed by " + owner.getValue() + ")");
            }
        }
        if (count == 1) {
            throw new Refusal("Port " + taken
                    + " is in use: stop the program that listens there, or move the suite with" + " --port-offset N.");
        }
        if (count > 1) {
            throw new Refusal("Ports " + taken + " are in use: stop the programs that listen there, or move the suite"
                    + " with --port-offset N.");
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
