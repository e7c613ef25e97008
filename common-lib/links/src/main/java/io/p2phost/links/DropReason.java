package io.p2phost.links;

/** Why a connection or some of its input was thrown away. Bounded, so that it can be a metric's label. */
public enum DropReason {
    /** A frame that cannot be read. */
    MALFORMED_FRAME,
    /** A frame above its type's size. */
    OVERSIZED_FRAME,
    /** A frame type that does not exist. */
    UNKNOWN_FRAME,
    /** A frame at a time or in a direction where it may not come. */
    UNEXPECTED_FRAME,
    /** More data than the window allows, or a window beyond its limit. */
    WINDOW_EXCEEDED,
    /** Control frames pile up because the peer does not read. */
    CONTROL_BACKLOG,
    /** This side has no certificate of its own yet. */
    NO_CERTIFICATE,
    /** TLS failed. */
    TLS,
    /** A certificate of the wrong part. */
    WRONG_PEER,
    /** TLS or hello took too long. */
    HANDSHAKE_TIMEOUT,
    /** The host's state forbids the link. */
    UNAUTHORISED,
    /** Too many connections from one address. */
    ADDRESS_LIMIT,
    /** Too many connections from one address in a short time. */
    ADDRESS_RATE,
    /** Too many connections from one network. */
    NETWORK_LIMIT,
    /** Too many connections from one network in a short time. */
    NETWORK_RATE,
    /** The operator lets this address in nowhere. */
    DENIED,
    /** Too many have not entered yet, and none of them is silent. */
    ENTERING_LIMIT,
    /** Silent for longer than others when a newcomer needed the place. */
    MADE_ROOM,
    /** A trusted proxy did not say in time, or in a form that is taken, for whom it connects. */
    PROXY_HEADER,
    /** A connection could not be accepted: no file descriptor is left. */
    ACCEPT_FAILED,
    /** The table of addresses is full. */
    ADDRESS_TABLE_FULL,
    /** The ceiling of all connections is reached. */
    CONNECTION_LIMIT,
    /** More streams than a tunnel may carry. */
    STREAM_LIMIT,
    /** The peer did not say in time whether a stream reached its target. */
    OPEN_TIMEOUT,
    /** One stream's receiver is so slow that the link's buffer limit was reached. */
    SLOW_RECEIVER
}
