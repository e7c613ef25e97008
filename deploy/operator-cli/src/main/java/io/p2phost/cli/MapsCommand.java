package io.p2phost.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code p2p-control maps}; alone it lists. */
@Command(name = "maps", mixinStandardHelpOptions = true, description = "The maps and who may serve them.")
final class MapsCommand implements Runnable {
    private final Session session;

    MapsCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        list();
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "All maps.")
    void list() {
        session.list(
                "maps",
                List.of(
                        "map",
                        "eligibility",
                        "minTier",
                        "category",
                        "owner/kind",
                        "owner/id",
                        "epoch",
                        "ready",
                        "reason"));
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "One map.")
    void show(@Parameters(paramLabel = "MAP", description = "The map.") String map) {
        session.show(session.call(gateway -> gateway.get("maps/" + Gateway.encode(map))));
    }

    @Command(
            name = "entries",
            mixinStandardHelpOptions = true,
            description = "Ask where a player entering the map goes, as the game does; may assign a host.")
    void entries(
            @Parameters(paramLabel = "MAP", description = "The map.") String map,
            @Option(names = "--account", paramLabel = "N", defaultValue = "1", description = "The player's account.")
                    long account,
            @Option(names = "--region", paramLabel = "REGION", defaultValue = "EU", description = "Where he is.")
                    String region,
            @Option(names = "--request-id", paramLabel = "UUID", description = "The same id gets the same answer.")
                    @Nullable
                    UUID requestId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("requestId", requestId == null ? UUID.randomUUID() : requestId);
        body.put("accountId", account);
        body.put("region", region);
        session.show(session.call(gateway -> gateway.post("maps/" + Gateway.encode(map) + "/entries", body)));
    }

    @Command(name = "migrate", mixinStandardHelpOptions = true, description = "Move a map to a host or to the VPS.")
    void migrate(
            @Parameters(paramLabel = "MAP", description = "The map.") String map,
            @ArgGroup(exclusive = true, multiplicity = "0..1") @Nullable Place place) {
        Map<String, Object> body = place == null ? Map.of() : Map.of("to", place.json());
        session.show(session.call(gateway -> gateway.post("maps/" + Gateway.encode(map) + ":migrate", body)));
    }

    /** Where a map shall go; left out, the server takes the best host. */
    static final class Place {
        @Option(names = "--to-host", paramLabel = "ID", required = true, description = "To that host.")
        private @Nullable String host;

        @Option(names = "--to-vps", paramLabel = "ID", required = true, description = "To that VPS map-server.")
        private @Nullable String vps;

        Map<String, String> json() {
            return host != null ? Map.of("kind", "HOST", "id", host) : Map.of("kind", "VPS", "id", String.valueOf(vps));
        }
    }
}
