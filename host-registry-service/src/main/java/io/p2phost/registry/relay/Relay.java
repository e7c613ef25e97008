package io.p2phost.registry.relay;

import io.p2phost.contracts.Text;
import java.net.URI;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A relay as it announced itself.
 *
 * @param host name or address under which hosts reach its tunnel port
 * @param apiUrl base URL of its internal HTTP interface
 */
public record Relay(String relayId, String region, String host, int tunnelPort, String apiUrl, Instant lastSeen) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");

    public Relay {
        require(ID, "relayId", relayId, "1 to 64 letters, digits, . _ -");
        require(REGION, "region", region, "1 to 32 letters, digits, _ -");
        require(HOST, "host", host, "a host name or an address");
        if (tunnelPort < 1 || tunnelPort > 65_535) {
            throw new IllegalArgumentException("tunnelPort: " + tunnelPort + " (expected: 1 to 65535)");
        }
        requireUrl(apiUrl);
    }

    private static void require(Pattern pattern, String name, String value, String expected) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(name + ": " + Text.quote(value) + " (expected: " + expected + ")");
        }
    }

    private static void requireUrl(String url) {
        boolean good = false;
        try {
            URI uri = URI.create(url);
            good = uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            good = false;
        }
        if (!good || url.length() > 256) {
            throw new IllegalArgumentException(
                    "apiUrl: " + Text.quote(url) + " (expected: http(s)://host:port, at most 256 characters)");
        }
    }
}
