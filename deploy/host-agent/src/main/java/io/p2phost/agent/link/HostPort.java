package io.p2phost.agent.link;

import io.p2phost.contracts.Text;

/** An address to dial. */
public record HostPort(String host, int port) {
    /** Reads {@code HOST:PORT}. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0 && text.substring(colon + 1).matches("[0-9]{1,5}")) {
            String host = text.substring(0, colon);
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port >= 1 && port <= 65_535 && host.matches("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]")) {
                return new HostPort(host, port);
            }
        }
        throw new IllegalArgumentException(Text.quote(text) + " (expected: HOST:PORT)");
    }
}
