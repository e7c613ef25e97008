package io.p2phost.ro;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a stream into whole packets, however its bytes arrive. What it holds back is bounded by the longest packet
 * allowed; an unknown id or an impossible length ends it: nobody can tell where the next packet begins.
 */
public final class PacketFramer {
    private static final int START = 256;

    /** A longer buffer is given back once its packet is whole: there are many streams and few long packets. */
    private static final int KEPT = 4096;

    private final PacketLengths lengths;
    private final int maxLength;
    private byte[] held = new byte[START];
    private int heldLength;
    private boolean broken;

    /** Takes packets up to {@code maxLength} bytes: 4..65535. */
    public PacketFramer(PacketLengths lengths, int maxLength) {
        if (maxLength < Packet.VARIABLE_HEADER || maxLength > Packet.LONGEST) {
            throw new IllegalArgumentException("max length: " + maxLength + " (expected: 4..65535)");
        }
        this.lengths = lengths;
        this.maxLength = maxLength;
    }

    /**
     * Takes bytes and gives every packet that is whole now, each with bytes of its own. When {@code packets} throws, the
     * rest of these bytes is lost and the stream ends.
     *
     * @throws FramingException when the stream makes no sense; packets before that were given
     */
    public void feed(byte[] bytes, int offset, int length, Consumer<Packet> packets) {
        if (broken) {
            throw new FramingException(lengths + ": stream is broken");
        }
        // Whatever throws below leaves it so.
        broken = true;
        int at = offset;
        int end = offset + length;
        while (heldLength > 0 && at < end) {
            at += completeHeld(bytes, at, end, packets);
        }
        if (heldLength == 0) {
            at += giveWhole(bytes, at, end, packets);
            hold(bytes, at, end - at);
        }
        broken = false;
    }

    /** Bytes that wait for the rest of their packet. */
    public int held() {
        return heldLength;
    }

    private int giveWhole(byte[] bytes, int offset, int end, Consumer<Packet> packets) {
        int at = offset;
        while (true) {
            int length = lengthOf(bytes, at, end - at);
            if (length == 0 || length > end - at) {
                return at - offset;
            }
            packets.accept(Packet.of(Arrays.copyOfRange(bytes, at, at + length)));
            at += length;
        }
    }

    /** Adds what the held packet lacks, first its header, then the rest; gives it when it is whole. */
    private int completeHeld(byte[] bytes, int at, int end, Consumer<Packet> packets) {
        int whole = lengthOf(held, 0, heldLength);
        int wanted = whole != 0 ? whole : heldLength < 2 ? 2 : Packet.VARIABLE_HEADER;
        int taken = Math.min(wanted - heldLength, end - at);
        hold(bytes, at, taken);
        int length = lengthOf(held, 0, heldLength);
        if (length != 0 && length == heldLength) {
            Packet packet = Packet.of(Arrays.copyOf(held, length));
            heldLength = 0;
            held = held.length > KEPT ? new byte[START] : held;
            packets.accept(packet);
        }
        return taken;
    }

    private void hold(byte[] bytes, int offset, int length) {
        if (held.length < heldLength + length) {
            held = Arrays.copyOf(held, Math.max(Math.min(held.length * 2, maxLength), heldLength + length));
        }
        System.arraycopy(bytes, offset, held, heldLength, length);
        heldLength += length;
    }

    /** 0 while the bytes there are do not tell yet. */
    private int lengthOf(byte[] bytes, int at, int available) {
        if (available < 2) {
            return 0;
        }
        int id = (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
        int length = lengths.of(id);
        if (length == PacketLengths.UNKNOWN) {
            throw new FramingException(String.format("%s: packet %04x is unknown", lengths, id));
        }
        if (length == PacketLengths.VARIABLE) {
            if (available < Packet.VARIABLE_HEADER) {
                return 0;
            }
            length = (bytes[at + 2] & 0xff) | (bytes[at + 3] & 0xff) << 8;
            if (length < lengths.leastOf(id)) {
                throw new FramingException(String.format(
                        "%s: packet %04x: length %d (expected: at least %d)",
                        lengths, id, length, lengths.leastOf(id)));
            }
        }
        if (length > maxLength) {
            throw new FramingException(
                    String.format("%s: packet %04x: length %d (expected: at most %d)", lengths, id, length, maxLength));
        }
        return length;
    }
}
