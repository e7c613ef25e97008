package io.p2phost.ro;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * One whole packet, as it is on the wire: id in the first two bytes, little-endian like everything but addresses. Reads
 * and writes are in place; an offset outside the packet throws {@link IndexOutOfBoundsException}.
 *
 * <p>Not thread-safe; whoever got a packet owns its bytes.
 */
public final class Packet {
    /** Bytes of id and, in packets of variable length, of the length behind it. */
    public static final int VARIABLE_HEADER = 4;

    /** Longest packet there is: its length is 16 bits. */
    public static final int LONGEST = 0xffff;

    /** Bytes of a map's name. */
    public static final int MAP_NAME = 16;

    /** rAthena passes names through unread; a byte is a character, so nothing is lost on the way. */
    private static final Charset TEXT = StandardCharsets.ISO_8859_1;

    private static final VarHandle SHORT = view(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = view(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = view(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT_BE = view(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_BE = view(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;

    private Packet(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A packet around these bytes, not a copy. */
    public static Packet of(byte[] bytes) {
        if (bytes.length < 2) {
            throw new IllegalArgumentException("packet: " + bytes.length + " bytes (expected: at least 2)");
        }
        return new Packet(bytes);
    }

    /** A packet of fixed length, all zeros behind its id. */
    public static Packet fixed(int id, int length) {
        return of(new byte[length]).u16(0, id);
    }

    /** A packet of variable length, with id and length (which counts the header) in place. */
    public static Packet variable(int id, int length) {
        if (length < VARIABLE_HEADER || length > LONGEST) {
            throw new IllegalArgumentException("packet length: " + length + " (expected: 4..65535)");
        }
        return fixed(id, length).u16(2, length);
    }

    private static VarHandle view(Class<?> type, ByteOrder order) {
        return MethodHandles.byteArrayViewVarHandle(type, order);
    }

    public int id() {
        return u16(0);
    }

    public int length() {
        return bytes.length;
    }

    /** The bytes themselves, not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    public Packet copy() {
        return new Packet(bytes.clone());
    }

    /** A copy under another id: some packets are passed on with no other change. */
    public Packet copyAs(int id) {
        return copy().u16(0, id);
    }

    public int u8(int offset) {
        return bytes[offset] & 0xff;
    }

    public int u16(int offset) {
        return (short) SHORT.get(bytes, offset) & 0xffff;
    }

    public int i16(int offset) {
        return (short) SHORT.get(bytes, offset);
    }

    public long u32(int offset) {
        return i32(offset) & 0xffff_ffffL;
    }

    public int i32(int offset) {
        return (int) INT.get(bytes, offset);
    }

    public long i64(int offset) {
        return (long) LONG.get(bytes, offset);
    }

    /** Ports of the inter-server protocol are big-endian. */
    public int u16be(int offset) {
        return (short) SHORT_BE.get(bytes, offset) & 0xffff;
    }

    /** Addresses are in dotted order. */
    public int i32be(int offset) {
        return (int) INT_BE.get(bytes, offset);
    }

    /** Text up to the first NUL, at most {@code length} bytes. */
    public String text(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, TEXT);
    }

    public byte[] slice(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    public Packet u8(int offset, int value) {
        bytes[offset] = (byte) value;
        return this;
    }

    public Packet u16(int offset, int value) {
        SHORT.set(bytes, offset, (short) value);
        return this;
    }

    public Packet u32(int offset, long value) {
        INT.set(bytes, offset, (int) value);
        return this;
    }

    public Packet i64(int offset, long value) {
        LONG.set(bytes, offset, value);
        return this;
    }

    public Packet u16be(int offset, int value) {
        SHORT_BE.set(bytes, offset, (short) value);
        return this;
    }

    public Packet i32be(int offset, int value) {
        INT_BE.set(bytes, offset, value);
        return this;
    }

    /** Writes text and fills the field with NULs; text as long as the field has none. */
    public Packet text(int offset, int length, String value) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        byte[] text = value.getBytes(TEXT);
        if (text.length > length) {
            throw new IllegalArgumentException("text: " + value + " (expected: at most " + length + " bytes)");
        }
        System.arraycopy(text, 0, bytes, offset, text.length);
        Arrays.fill(bytes, offset + text.length, offset + length, (byte) 0);
        return this;
    }

    public Packet bytes(int offset, byte[] value) {
        System.arraycopy(value, 0, bytes, offset, value.length);
        return this;
    }

    /** Same bytes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Packet packet && Arrays.equals(bytes, packet.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Id and length only: contents are players' data. */
    @Override
    public String toString() {
        return String.format("%04x/%d", id(), bytes.length);
    }
}
