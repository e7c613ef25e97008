package io.p2phost.assignment.ownership;

/** db-proxy did not answer. */
public final class ArbiterUnavailableException extends RuntimeException {
    public ArbiterUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
