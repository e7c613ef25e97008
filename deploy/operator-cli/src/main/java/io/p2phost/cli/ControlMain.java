package io.p2phost.cli;

/** {@code p2p-control}: the operator's command. */
public final class ControlMain {
    private ControlMain() {}

    public static void main(String[] args) {
        System.exit(ControlCommand.commandLine(Cli.process()).execute(args));
    }
}
