package io.p2phost.links;

/** Why a link ended, as seen from this side. Bounded, so that it can be a metric's label. */
public enum CloseReason {
    /** The peer closed the connection, or it broke. */
    PEER_CLOSED,
    /** The peer's process is gone: its system ended the connection in good order. Only whoever connected sees that. */
    PEER_ENDED,
    /** The peer said that it is going away. */
    GOING_AWAY,
    /** Nothing was heard from the peer for the whole lease. */
    SILENT,
    /** The peer took nothing of what was sent to it for too long. */
    STALLED,
    /** The peer broke the protocol. */
    PROTOCOL,
    /** TLS failed: wrong chain, version, cipher, or no certificate. */
    TLS,
    /** The peer's certificate is not the one of the expected part. */
    WRONG_PEER,
    /** TLS, hello or connecting took too long. */
    TIMEOUT,
    /** The peer was refused: its state, its epoch or a limit forbids the link. */
    REFUSED,
    /** The map has a newer owner. */
    FENCED,
    /** A newer link of the same host took over. */
    REPLACED,
    /** This side cut the link on purpose, e.g. because the host is blacklisted. */
    CUT,
    /** The connection could not be made. */
    UNREACHABLE,
    /** This side shuts down. */
    SHUTDOWN
}
