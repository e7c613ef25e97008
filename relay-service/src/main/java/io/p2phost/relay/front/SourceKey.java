package io.p2phost.relay.front;

/** The key of {@link SourceAddresses}, the same at every relay. */
public interface SourceKey {
    /** The key; made at the first call of all. Blocks for the database. */
    byte[] bytes();
}
