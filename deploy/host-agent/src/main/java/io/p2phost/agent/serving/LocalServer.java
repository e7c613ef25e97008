package io.p2phost.agent.serving;

import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Text;

/**
 * A map and the address of the map-server that runs it, as the player gave it.
 *
 * @param host name or address, mostly this machine
 */
public record LocalServer(MapName map, String host, int port) {
    /** Reads {@code MAP=HOST:PORT}. */
    public static LocalServer parse(String text) {
        int equals = text.indexOf('=');
        int colon = text.lastIndexOf(':');
        if (equals < 1 || colon < equals + 2 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw bad(text);
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = text.substring(equals + 1, colon);
        if (port < 1 || port > 65_535 || !host.matches("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]")) {
            throw bad(text);
        }
        return new LocalServer(MapName.of(text.substring(0, equals)), host, port);
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("serve: " + Text.quote(text) + " (expected: MAP=HOST:PORT)");
    }

    public String address() {
        return host + ":" + port;
    }
}
