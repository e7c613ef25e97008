package io.p2phost.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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
        session.show(session.call(gateway -> gateway.get("maps/" + Gateway.encode(map) + "/explain")));
    }
}
