package io.p2phost.kit.client;

/** Another service could not be reached or did not answer in time; nothing is known of the call's effect. */
public final class PeerUnavailableException extends RuntimeException {
    private final String peer;

    public PeerUnavailableException(String peer, Throwable cause) {
        super(peer + " is not available: " + cause.getMessage(), cause);
        this.peer = peer;
    }

    public String peer() {
        return peer;
    }
}
