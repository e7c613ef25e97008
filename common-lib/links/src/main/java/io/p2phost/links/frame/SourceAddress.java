package io.p2phost.links.frame;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * The address that a player has at a map-server: one of his own from 127.64.0.0/10, as the number that its four bytes
 * are. His real one never leaves the relay.
 */
public final class SourceAddress {
    /** None of his own: the system chooses one. */
    public static final int NONE = 0;

    private static final int NETWORK = 0x7f400000;
    private static final int MASK = 0xffc00000;

    private SourceAddress() {}

    /** Whether a peer may name it: {@link #NONE}, or one of 127.64.0.0/10. */
    public static boolean isLegal(int source) {
        return source == NONE || (source & MASK) == NETWORK;
    }

    /** The address that a socket is bound to. */
    public static InetAddress of(int source) {
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(4).putInt(source).array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // only for a wrong length
        }
    }
}
