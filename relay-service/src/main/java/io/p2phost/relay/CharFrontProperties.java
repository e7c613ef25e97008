package io.p2phost.relay;

import io.p2phost.relay.charfront.CharClientPackets;
import io.p2phost.relay.charfront.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The char-server's port for clients, as this relay's players reach it. All faults are reported at once and refuse the
 * start.
 *
 * @param port where players find it; none: they go to the char-server themselves
 * @param charServer {@code host:port} of the char-server; on loopback it sees an address of each account's own
 * @param fronts {@code address:port} that it names for maps behind relays, as db-proxy tells it; left out, this
 *     relay's own
 * @param packets lengths of packets that its clients send it besides the usual ones, by id in hex: {@code 0abc: 6}
 */
@ConfigurationProperties("p2p.relay.char-front")
record CharFrontProperties(
        @Nullable Integer port,
        @DefaultValue("127.0.0.1:6121") String charServer,
        @DefaultValue List<String> fronts,
        @DefaultValue Map<String, Integer> packets) {
    private static final Pattern ADDRESS = Pattern.compile("[^\\s:]+:(\\d{1,5})");
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{4}");
    private static final int MAX_PORT = 65_535;
    private static final int MAX_LENGTH = 32_767;
    private static final int MOST = 64;

    CharFrontProperties {
        fronts = List.copyOf(fronts);
        packets = Map.copyOf(packets);
        List<String> faults = new ArrayList<>();
        if (port != null && (port < 0 || port > MAX_PORT)) {
            faults.add("p2p.relay.char-front.port: " + port + " (expected: 0 to 65535)");
        }
        Matcher parts = ADDRESS.matcher(charServer);
        int number = parts.matches() ? Integer.parseInt(parts.group(1)) : 0;
        if (number < 1 || number > MAX_PORT) {
            faults.add("p2p.relay.char-front.char-server: " + charServer + " (expected: host:port)");
        }
        if (fronts.size() > MOST) {
            faults.add("p2p.relay.char-front.fronts: " + fronts.size() + " (expected: at most " + MOST + ")");
        }
        for (String front : fronts) {
            try {
                Place.parse(front);
            } catch (IllegalArgumentException e) {
                faults.add("p2p.relay.char-front.fronts: " + e.getMessage());
            }
        }
        packets.forEach((id, length) -> {
            if (!ID.matcher(id).matches() || CharClientPackets.isInterServer(Integer.parseInt(id, 16))) {
                faults.add("p2p.relay.char-front.packets: " + id + " (expected: a client's packet, four hex digits)");
            } else if (length < 2 || length > MAX_LENGTH) {
                faults.add(
                        "p2p.relay.char-front.packets." + id + ": " + length + " (expected: 2 to " + MAX_LENGTH + ")");
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    Set<Place> places() {
        Set<Place> places = new HashSet<>();
        fronts.forEach(front -> places.add(Place.parse(front)));
        return places;
    }

    Map<Integer, Integer> lengths() {
        Map<Integer, Integer> lengths = new HashMap<>();
        packets.forEach((id, length) -> lengths.put(Integer.parseInt(id, 16), length));
        return lengths;
    }
}
