package io.p2phost.cli;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code p2p-control assignments}. */
@Command(name = "assignments", mixinStandardHelpOptions = true, description = "Which map is served by whom.")
final class AssignmentsCommand implements Runnable {
    private final Session session;

    AssignmentsCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.list(
                "assignments",
                List.of("map", "epoch", "owner/kind", "owner/id", "owner/address", "ready", "since", "heldUntil"));
    }
}
