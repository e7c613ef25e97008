package io.p2phost.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code p2p-control explain}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Why a map is where it is, and what each host lacks for it.")
final class ExplainCommand implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "MAP", description = "The map.")
    private String map = "";

    ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        JsonNode answer = session.call(gateway -> gateway.get("maps/" + Gateway.encode(map) + "/explain"));
        if (session.json() || !answer.path("candidates").isArray()) {
            session.show(answer);
            return;
        }
        PrintWriter out = session.out();
        out.println(Printable.of(answer.path("summary").asString("")));
        out.println();
        Table.rows(out, answer.path("gates"), List.of("name", "passed", "detail"));
        out.println();
        Table.rows(
                out,
                answer.path("candidates"),
                List.of("hostId", "name", "region", "activeMaps", "score/total", "refusal/gate", "refusal/detail"));
        for (JsonNode candidate : answer.path("candidates")) {
            if (candidate.path("score").isObject()) {
                out.println();
                out.println("score of " + Printable.of(candidate.path("name").asString("")));
                Table.rows(out, candidate.path("score").path("terms"), List.of("name", "value", "weight"));
            }
        }
    }
}
