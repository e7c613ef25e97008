package io.p2phost.dbproxy.sessions;

/** Another instance of this service took the player sessions over: this one may write them no more. */
public final class SessionsTakenOverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SessionsTakenOverException(String message) {
        super(message);
    }
}
