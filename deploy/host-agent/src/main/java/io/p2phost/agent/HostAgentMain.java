package io.p2phost.agent;

import io.p2phost.agent.command.HostCommand;

/** {@code p2p-host}: the command line on a player's machine. */
public final class HostAgentMain {
    private HostAgentMain() {}

    public static void main(String[] args) {
        System.exit(HostCommand.execute(args));
    }
}
