package io.p2phost.agent;

/** Why the agent ended, as scripts see it; the numbers never change. */
public enum ExitCode {
    /** Done, or stopped as asked. */
    OK(0),
    /** A fault nobody foresaw; the log has it. */
    FAILED(1),
    /** The command line is wrong. */
    USAGE(2),
    /** The machine, or what the operator asks of one, does not fit: every shortfall is printed. */
    BELOW_MINIMUM(3),
    /** The operator banned this host. */
    BLACKLISTED(4),
    /** The home folder: not enrolled, enrolled already, in use, or unreadable. */
    HOME(5),
    /** The server refuses: unknown host, wrong key, used or expired code. */
    REFUSED(6),
    /** The gateway could not be reached; only commands that do not keep trying end with it. */
    UNREACHABLE(7),
    /** {@code status}: no agent is running in that home. */
    NOT_RUNNING(8),
    /** {@code run}: stopped as asked, but before the server had taken all maps back; it moved them as after a loss. */
    NOT_HANDED_BACK(9),
    /** {@code run}: its owner has not agreed to what would run on his machine. */
    NO_CONSENT(10);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
