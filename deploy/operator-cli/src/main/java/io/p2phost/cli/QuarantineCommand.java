package io.p2phost.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code p2p-control quarantine}; alone it lists what waits. */
@Command(
        name = "quarantine",
        mixinStandardHelpOptions = true,
        description =
                "Rare items that hosts' maps gave to players, and that these cannot give away before they are confirmed.")
final class QuarantineCommand implements Runnable {
    private final Session session;

    /** What became of a find. */
    enum State {
        WAITING,
        CONFIRMED,
        REFUSED
    }

    QuarantineCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        list(State.WAITING, null, 50);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Finds, the oldest first.")
    void list(
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            defaultValue = "WAITING",
                            description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
                    State state,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "One account's alone.") @Nullable
                    Integer account,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "At most so many, 1 to 200; default: ${DEFAULT-VALUE}.")
                    int limit) {
        String path = "quarantine?state=" + state.name().toUpperCase(Locale.ROOT) + "&limit=" + limit
                + (account == null ? "" : "&account=" + account);
        JsonNode found = session.call(gateway -> gateway.get(path));
        if (session.json() || !found.path("finds").isArray()) {
            session.show(found);
            return;
        }
        session.out().println(found.path("waiting").asString("0") + " wait.");
        Table.rows(
                session.out(),
                found.path("finds"),
                List.of("id", "foundAt", "accountId", "characterId", "itemId", "amount", "map", "hostId", "decidedBy"));
    }

    @Command(
            name = "confirm",
            mixinStandardHelpOptions = true,
            description = "It is the player's: its mark goes when he is given his items the next time. Audited.")
    void confirm(@Parameters(paramLabel = "ID", description = "The find's.") UUID id) {
        session.show(session.call(gateway -> gateway.post("quarantine/" + id + ":confirm", Map.of())));
    }

    @Command(
            name = "refuse",
            mixinStandardHelpOptions = true,
            description = "Its mark stays for good; take it away by the means of the game. Audited.")
    void refuse(
            @Parameters(paramLabel = "ID", description = "The find's.") UUID id,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "For the audit log.")
                    String reason) {
        session.show(session.call(gateway -> gateway.post("quarantine/" + id + ":refuse", Map.of("reason", reason))));
    }
}
