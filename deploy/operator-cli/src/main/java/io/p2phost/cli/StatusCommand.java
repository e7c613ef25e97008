package io.p2phost.cli;

import picocli.CommandLine.Command;

/** {@code p2p-control status}. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "How the suite is doing.")
final class StatusCommand implements Runnable {
    private final Session session;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.show(session.call(gateway -> gateway.get("status")));
    }
}
