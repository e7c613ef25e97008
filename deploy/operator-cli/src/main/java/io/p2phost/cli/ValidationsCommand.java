package io.p2phost.cli;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code p2p-control validations}. */
@Command(name = "validations", mixinStandardHelpOptions = true, description = "Verdicts on what hosts did.")
final class ValidationsCommand implements Runnable {
    private final Session session;

    ValidationsCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.list(
                "validations",
                List.of("judgedAt", "hostId", "map", "epoch", "verdict", "strikes", "blacklist", "findings"));
    }
}
