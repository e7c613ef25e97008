package io.p2phost.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A server's network and a player's, both new (Linux, root), and a line between them that carries no more than a rate from
 * the server to the player.
 */
final class ShapedLine implements AutoCloseable {
    static final String SERVER = "10.213.77.1";
    private static final String PLAYER = "10.213.77.2";

    private final String server = "p2p-server-" + ProcessHandle.current().pid();
    private final String player = "p2p-player-" + ProcessHandle.current().pid();

    private ShapedLine() {}

    static ShapedLine open(int megabits) throws IOException, InterruptedException {
        ShapedLine line = new ShapedLine();
        try {
            line.make(megabits);
            return line;
        } catch (IOException e) {
            line.close();
            throw new IOException(e.getMessage() + " (expected: Linux, root, ip and tc of iproute2)", e);
        }
    }

    private void make(int megabits) throws IOException, InterruptedException {
        for (String each : List.of(server, player)) {
            run(List.of("ip", "netns", "add", each));
            run(List.of("ip", "-n", each, "link", "set", "lo", "up"));
        }
        run(List.of(
                "ip", "link", "add", "line", "netns", server, "type", "veth", "peer", "name", "line", "netns", player));
        run(List.of("ip", "-n", server, "addr", "add", SERVER + "/30", "dev", "line"));
        run(List.of("ip", "-n", player, "addr", "add", PLAYER + "/30", "dev", "line"));
        run(List.of("ip", "-n", server, "link", "set", "line", "up"));
        run(List.of("ip", "-n", player, "link", "set", "line", "up"));
        // A queue of 50 ms, as lines at home have.
        run(List.of(
                "tc",
                "-n",
                server,
                "qdisc",
                "add",
                "dev",
                "line",
                "root",
                "tbf",
                "rate",
                megabits + "mbit",
                "burst",
                "64kb",
                "latency",
                "50ms"));
    }

    /** The command at the server's end. */
    List<String> atServer(List<String> command) {
        return in(server, command);
    }

    /** The command at the player's end. */
    List<String> atPlayer(List<String> command) {
        return in(player, command);
    }

    private static List<String> in(String network, List<String> command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", network));
        words.addAll(command);
        return words;
    }

    /** What a command says; its failure is thrown. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
        return said;
    }

    @Override
    public void close() {
        for (String each : List.of(server, player)) {
            try {
                run(List.of("ip", "netns", "del", each));
            } catch (IOException e) {
                System.err.println(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
