package io.p2phost.agent;

/** Ends a command with one plain sentence for the user and an exit code; never a stack trace. */
public final class AgentFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public AgentFailure(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public AgentFailure(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
