package io.p2phost.ro;

/** A stream that cannot be cut into packets any further; whoever sent it is dropped. Without a stack: hostile input is cheap. */
public final class FramingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FramingException(String message) {
        super(message, null, false, false);
    }
}
