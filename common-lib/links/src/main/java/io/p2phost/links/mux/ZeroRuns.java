package io.p2phost.links.mux;

import io.netty.buffer.ByteBuf;
import io.p2phost.links.frame.ProtocolException;

/**
 * Bytes with their runs of zeros written short: a zero and the run's length, seven bits a byte, low ones first, the
 * eighth bit saying that more follow. All other bytes stand for themselves. A save is mostly zeros: what is left is a
 * tenth, so a history holds ten times as many saves.
 */
final class ZeroRuns {
    private static final int MORE = 0x80;
    private static final int LENGTH_BYTES = 3;

    private ZeroRuns() {}

    /** Most bytes that so many can become: each zero alone. */
    static int bound(int length) {
        return length + (length + 1) / 2;
    }

    /** Writes short; returns the length. */
    static int encode(byte[] in, byte[] out) {
        int to = 0;
        int from = 0;
        while (from < in.length) {
            byte b = in[from++];
            out[to++] = b;
            if (b == 0) {
                int begin = from - 1;
                while (from < in.length && in[from] == 0) {
                    from++;
                }
                int run = from - begin;
                while (run >= MORE) {
                    out[to++] = (byte) (run | MORE);
                    run >>>= 7;
                }
                out[to++] = (byte) run;
            }
        }
        return to;
    }

    /** How many bytes these stand for; a protocol error when that is none, or more than the limit. */
    static int decodedLength(byte[] in, int limit) {
        int length = 0;
        int from = 0;
        while (from < in.length) {
            if (in[from++] != 0) {
                length++;
            } else {
                int run = run(in, from);
                from += runBytes(run);
                length += run;
            }
            if (length > limit) {
                throw ProtocolException.MALFORMED;
            }
        }
        if (length == 0) {
            throw ProtocolException.MALFORMED;
        }
        return length;
    }

    /** Writes what these bytes stand for, after {@link #decodedLength} found them good. */
    static void decode(byte[] in, ByteBuf out) {
        int from = 0;
        while (from < in.length) {
            int begin = from;
            while (from < in.length && in[from] != 0) {
                from++;
            }
            out.writeBytes(in, begin, from - begin);
            if (from < in.length) {
                int run = run(in, from + 1);
                from += 1 + runBytes(run);
                out.writeZero(run);
            }
        }
    }

    private static int run(byte[] in, int from) {
        int run = 0;
        for (int i = 0; i < LENGTH_BYTES && from + i < in.length; i++) {
            int b = in[from + i] & 0xff;
            run |= (b & (MORE - 1)) << (7 * i);
            if (b < MORE) {
                // Shortest form only, so that the length of a length follows from its value.
                if (run == 0 || (i > 0 && b == 0)) {
                    throw ProtocolException.MALFORMED;
                }
                return run;
            }
        }
        throw ProtocolException.MALFORMED;
    }

    private static int runBytes(int run) {
        return run < 1 << 7 ? 1 : run < 1 << 14 ? 2 : LENGTH_BYTES;
    }
}
