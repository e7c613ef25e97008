package io.p2phost.kit.tokens;

/** A token that was not accepted; the message says why without repeating the token. */
public final class InvalidTokenException extends Exception {
    public InvalidTokenException(String message) {
        super(message, null, false, false);
    }
}
