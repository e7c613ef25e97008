package io.p2phost.links.mux;

import java.util.Arrays;

/**
 * What was packed lately in one direction, the same on both ends: a ring whose first byte stays zero (so that it is
 * never taken for a structured dictionary). A block that does not fit behind the last one goes to the front; one larger
 * than the ring is not remembered. The ring begins at {@value #FIRST} bytes and doubles up to its limit.
 */
final class History {
    private static final int FIRST = 32 * 1024;

    private final int limit;
    private byte[] ring;
    private int next = 1;

    History(int limit) {
        this.limit = limit;
        this.ring = new byte[Math.min(limit, FIRST)];
    }

    /** What to pack against; not to be changed. */
    byte[] bytes() {
        return ring;
    }

    void append(byte[] block, int length) {
        if (length >= limit) {
            return;
        }
        while (next + length > ring.length && ring.length < limit) {
            ring = Arrays.copyOf(ring, Math.min(limit, 2 * ring.length));
        }
        if (next + length > ring.length) {
            next = 1;
        }
        System.arraycopy(block, 0, ring, next, length);
        next += length;
    }
}
