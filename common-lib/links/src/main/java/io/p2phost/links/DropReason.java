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
