package io.p2phost.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code p2p-control whois}. */
@Command(
        name = "whois",
        mixinStandardHelpOptions = true,
        description = "Which player is behind an address that map-servers see, or an account. Audited.")
final class WhoisCommand implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "ADDRESS|ACCOUNT", description = "An address of 127.64.0.0/10, or an account's number.")
    private String whom = "";

    WhoisCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        JsonNode answer = session.call(gateway -> gateway.get("players/" + Gateway.encode(whom)));
        if (session.json() || !answer.path("players").isArray()) {
            session.show(answer);
            return;
        }
        Table.rows(
                session.out(),
                answer.path("players"),
                List.of(
                        "accountId",
                        "clientAddress",
                        "sourceAddress",
                        "sessionNumber",
                        "phase",
                        "map",
                        "owner/id",
                        "since",
                        "relayId"));
        if (answer.path("players").isEmpty()) {
            session.out().println("Nobody who is connected now.");
        }
        for (JsonNode relay : answer.path("silent")) {
            session.out().println(Printable.of(relay.asString("")) + " did not answer: the player may be there.");
        }
    }
}
