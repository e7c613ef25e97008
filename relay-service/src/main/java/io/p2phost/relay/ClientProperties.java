package io.p2phost.relay;

import io.p2phost.ro.client.ClientIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Clients that do not speak as one of 2020-04-01 does. All faults are reported at once and refuse the start.
 *
 * @param packets ids of packets that the client version calls otherwise, in hex by name: {@code enter: 0941}
 * @param protectedTo {@code host:port} of the reserve, for clients whose streams cannot be read; none: turned away
 * @param codec name of the codec that reads such streams, so that their players can be hosted; none: no codec
 * @param codecSettings what the codec is told
 */
@ConfigurationProperties("p2p.relay.clients")
record ClientProperties(
        @DefaultValue Map<String, String> packets,
        @Nullable String protectedTo,
        @Nullable String codec,
        @DefaultValue Map<String, String> codecSettings) {
    private static final Pattern ADDRESS = Pattern.compile("[^\\s:]+:(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    ClientProperties {
        packets = Map.copyOf(packets);
        codecSettings = Map.copyOf(codecSettings);
        List<String> faults = new ArrayList<>();
        try {
            ClientIds.of(packets);
        } catch (IllegalArgumentException e) {
            faults.add("p2p.relay.clients.packets." + e.getMessage());
        }
        if (protectedTo != null && !isAddress(protectedTo)) {
            faults.add("p2p.relay.clients.protected-to: " + protectedTo + " (expected: host:port)");
        }
        if (codec == null && !codecSettings.isEmpty()) {
            faults.add("p2p.relay.clients.codec: missing (expected: the codec that codec-settings are for)");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static boolean isAddress(String text) {
        Matcher parts = ADDRESS.matcher(text);
        return parts.matches() && Integer.parseInt(parts.group(1)) >= 1 && Integer.parseInt(parts.group(1)) <= MAX_PORT;
    }
}
