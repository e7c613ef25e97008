package io.p2phost.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code p2p-control metrics}. */
@Command(name = "metrics", mixinStandardHelpOptions = true, description = "Recorded history.")
final class MetricsCommand {
    private final Session session;

    MetricsCommand(Session session) {
        this.session = session;
    }

    @Command(name = "host", mixinStandardHelpOptions = true, description = "A host's load over time.")
    void host(
            @Parameters(paramLabel = "ID", description = "The host.") String id,
            @Option(names = "--from", paramLabel = "INSTANT", description = "Default: an hour ago.") @Nullable
                    String from,
            @Option(names = "--to", paramLabel = "INSTANT", description = "Default: now.") @Nullable String to,
            @Option(names = "--step", paramLabel = "DURATION", description = "Such as PT1M.") @Nullable String step) {
        JsonNode answer = session.call(gateway -> gateway.get(
                Gateway.query("metrics/hosts/" + Gateway.encode(id), "from", from, "to", to, "step", step)));
        JsonNode points = answer.path("points");
        if (session.json() || !points.isArray()) {
            session.show(answer);
        } else if (points.isEmpty()) {
            session.out().println("nothing recorded");
        } else {
            Table.rows(session.out(), points, List.copyOf(points.get(0).propertyNames()));
        }
    }
}
