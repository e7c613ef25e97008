package io.p2phost.links;

/** What links count. Called on event loops: implementations must not block. */
public interface LinkMetrics {
    /** Counts nothing. */
    LinkMetrics NONE = new LinkMetrics() {};

    /** Links are accepted from now on, with native TLS or the JDK's. */
    default void accepting(boolean nativeTls) {}

    /** Input or a connection was thrown away. */
    default void dropped(DropReason reason) {}

    /** A link was established. */
    default void opened() {}

    /** An established link ended. */
    default void closed(CloseReason reason) {}

    /** Payload bytes of streams received from the peer. */
    default void bytesIn(int bytes) {}

    /** Payload bytes of streams handed to the peer's connection. */
    default void bytesOut(int bytes) {}

    /** So many payload bytes left packed into so many. */
    default void packed(int bytes, int packedBytes) {}

    /** Received bytes that the local receivers have not yet taken changed by this much. */
    default void buffered(int deltaBytes) {}

    /** So many streams went on over another connection. */
    default void resumed(int streams) {}

    /** So many streams of a lost connection ended because none took its place in time. */
    default void expired(int streams) {}

    /** A stream had to wait for the peer's window. */
    default void windowStalled() {}

    /** A stream's target sees an ordinary address: this system lets nobody have the one that was asked for. */
    default void sourceRefused() {}

    /** One round trip of a liveness probe. */
    default void roundTrip(long nanos) {}
}
