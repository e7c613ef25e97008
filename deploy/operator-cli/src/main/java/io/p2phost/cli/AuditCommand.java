package io.p2phost.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code p2p-control audit}. */
@Command(name = "audit", mixinStandardHelpOptions = true, description = "Who did what, newest first.")
final class AuditCommand implements Runnable {
    private final Session session;

    @Option(names = "--actor", paramLabel = "WHO", description = "Only that actor.")
    private @Nullable String actor;

    @Option(names = "--action", paramLabel = "WHAT", description = "Only that action.")
    private @Nullable String action;

    @Option(names = "--subject", paramLabel = "ON", description = "Only that subject.")
    private @Nullable String subject;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (default: 50).")
    private int limit;

    AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        JsonNode answer = session.call(gateway -> gateway.get(Gateway.query(
                "audit", "actor", actor, "action", action, "subject", subject, "limit", Integer.toString(limit))));
        if (session.json()) {
            session.show(answer);
        } else {
            Table.rows(
                    session.out(),
                    answer.path("items"),
                    List.of("occurredAt", "actor", "action", "subject", "outcome", "detail"));
        }
    }
}
