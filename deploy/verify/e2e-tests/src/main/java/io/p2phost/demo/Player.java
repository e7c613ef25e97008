package io.p2phost.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A player: connects where the suite says, says a nonce, and hears who answered. */
final class Player {
    private static final int TIMEOUT_MILLIS = 2000;

    private Player() {}

    /**
     * One visit.
     *
     * @return who answered, as {@code MACHINE/MAP}
     * @throws DemoFailure when nobody answers, or not with this player's nonce
     */
    static String visit(String host, int port) {
        String nonce = UUID.randomUUID().toString();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write((nonce + "\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = in.readLine();
            if (line == null) {
                throw new DemoFailure(
                        "player at " + host + ":" + port + ": the connection was closed without an answer");
            }
            if (!line.endsWith(" " + nonce)) {
                throw new DemoFailure("player at " + host + ":" + port + ": answered with another nonce than his own");
            }
            return line.substring(0, line.length() - nonce.length() - 1);
        } catch (IOException e) {
            throw new DemoFailure("player at " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }
}
