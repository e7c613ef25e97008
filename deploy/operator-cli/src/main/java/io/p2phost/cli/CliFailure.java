package io.p2phost.cli;

/** Ends a command with a message and an exit code. */
final class CliFailure extends RuntimeException {
    /** The server said no. */
    static final int REFUSED = 1;

    /** Wrong options, or a key or file that cannot be read. */
    static final int USAGE = 2;

    /** No answer from the gateway. */
    static final int UNREACHABLE = 3;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CliFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    CliFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
