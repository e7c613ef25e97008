package io.p2phost.agent.bundle;

import java.io.IOException;
import java.io.Serial;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;

/** This host's disk would not take what came. Fetching it again helps nobody until there is room. */
final class WriteFailedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The fault to throw: a write that was broken off, because the agent ends, says nothing about the disk. */
    static IOException of(String what, IOException cause) {
        return cause instanceof ClosedChannelException ? cause : new WriteFailedException(what, cause);
    }

    private WriteFailedException(String what, IOException cause) {
        super(what + " cannot be written: " + reason(cause), cause);
    }

    private static String reason(IOException cause) {
        String reason = cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
        return reason == null ? cause.getClass().getSimpleName() : reason;
    }
}
