package io.p2phost.security.reference;

/** Reference files that cannot be used; the message names file, line, value and expectation. */
public final class ReferenceException extends RuntimeException {
    public ReferenceException(String message) {
        super(message);
    }

    public ReferenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
