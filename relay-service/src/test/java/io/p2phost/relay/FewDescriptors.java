package io.p2phost.relay;

import io.p2phost.links.net.AddressLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A front in a process of its own, which has few file descriptors. It prints its port, does what it is told by lines on its
 * standard input, prints what came of it, and ends with them.
 */
final class FewDescriptors {
    private FewDescriptors() {}

    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        try (FrontStand stand = new FrontStand(limits -> {
                    limits.connections = 100_000;
                    limits.entering = 100_000;
                    limits.address = new AddressLimits.Share(100_000, 100_000, 100_000);
                    limits.network = limits.address;
                    limits.questions = new AddressLimits.Rules(100_000, 100_000, 100_000, 100_000, 100_000);
                    limits.firstPacket = Duration.ofMinutes(5);
                });
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            out.println(stand.port());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                switch (line) {
                    case "hold" -> stand.dbProxy.hold(true);
                    case "answer" -> stand.dbProxy.hold(false);
                    default -> {
                        // Only asked for what follows.
                    }
                }
                out.println(
                        switch (line) {
                            case "player" -> stand.player();
                            case "failed" -> (long) stand.dropped("accept_failed");
                            case "room" -> (long) stand.dropped("made_room");
                            case "connections" -> stand.front.connections();
                            default -> line;
                        });
            }
        }
    }
}
