package io.p2phost.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A program that stands for a machine's map-servers: one port per map, printed as {@code MAP PORT}. It answers each line
 * of a player with {@code MACHINE/MAP LINE}, and ends when its standard input does, so it never outlives the demo.
 */
public final class StandInMain {
    private static final int LONGEST_LINE = 256;

    private StandInMain() {}

    /** Arguments: the machine's name, the address to listen at, then its maps. */
    public static void main(String[] args) throws IOException {
        for (int i = 2; i < args.length; i++) {
            String map = args[i];
            // Never closed by hand: the process's end closes it.
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName(args[1]));
            System.out.printf(Locale.ROOT, "%s %d%n", map, server.getLocalPort());
            String id = args[0] + "/" + map;
            Thread.ofPlatform().daemon().name(map).start(() -> accept(server, id));
        }
        System.out.flush();
        while (System.in.read() >= 0) {
            // Nothing is said to this program; it waits for the end.
        }
    }

    private static void accept(ServerSocket server, String id) {
        while (!server.isClosed()) {
            try {
                Socket player = server.accept();
                Thread.ofVirtual().start(() -> serve(player, id));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket player, String id) {
        try (player;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(player.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null && line.length() <= LONGEST_LINE; line = in.readLine()) {
                player.getOutputStream().write((id + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
                player.getOutputStream().flush();
            }
        } catch (IOException e) {
            // The player hung up.
        }
    }
}
