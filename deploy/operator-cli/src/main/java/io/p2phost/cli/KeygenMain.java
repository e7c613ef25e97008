package io.p2phost.cli;

/** {@code p2p-keygen}: makes keys, and changes the suite's signing key. */
public final class KeygenMain {
    private KeygenMain() {}

    public static void main(String[] args) {
        System.exit(KeygenCommand.commandLine(Cli.process()).execute(args));
    }
}
