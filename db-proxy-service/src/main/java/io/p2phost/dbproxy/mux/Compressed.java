package io.p2phost.dbproxy.mux;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A packet kept small: rAthena's structures are nearly all zeros, and thousands are kept. */
final class Compressed {
    /** The length in a packet has 16 bits. */
    private static final int LONGEST = 0xffff;

    private final byte[] bytes;
    private final int length;

    private Compressed(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    static Compressed of(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(512);
            byte[] part = new byte[2048];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return new Compressed(out.toByteArray(), plain.length);
        } finally {
            deflater.end();
        }
    }

    byte[] plain() {
        Inflater inflater = new Inflater();
        try {
            return plain(length, inflater);
        } finally {
            inflater.end();
        }
    }

    /** Its first bytes, or all when there are fewer: much cheaper than the whole, and with an inflater for many. */
    byte[] head(int most, Inflater inflater) {
        inflater.reset();
        return plain(Math.min(most, length), inflater);
    }

    private byte[] plain(int wanted, Inflater inflater) {
        byte[] plain = new byte[wanted];
        try {
            inflater.setInput(bytes);
            int at = 0;
            while (at < wanted) {
                int got = inflater.inflate(plain, at, wanted - at);
                if (got == 0) {
                    throw new IllegalStateException(
                            "compressed packet: ended at " + at + " (expected: " + wanted + ")");
                }
                at += got;
            }
        } catch (DataFormatException e) {
            throw new IllegalStateException(e);
        }
        return plain;
    }

    /** Its length, its deflated length, and that. */
    void write(ByteBuffer to) {
        to.putInt(length).putInt(bytes.length).put(bytes);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalStateException if that is not what is there
     */
    static Compressed read(ByteBuffer from) {
        int length = from.getInt();
        int size = from.getInt();
        if (length < 0 || length > LONGEST || size < 0 || size > from.remaining()) {
            throw new IllegalStateException(
                    "compressed packet: " + size + " bytes for " + length + " (expected: what was written)");
        }
        byte[] bytes = new byte[size];
        from.get(bytes);
        return new Compressed(bytes, length);
    }

    /** Bytes kept. */
    int size() {
        return bytes.length;
    }
}
