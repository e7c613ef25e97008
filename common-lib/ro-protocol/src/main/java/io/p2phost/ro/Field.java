package io.p2phost.ro;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something is in a packet, a list's entry or a structure, and how it is read. Offsets count from where the
 * packet, entry or structure begins; {@code base} is that place in the packet. Outside the packet every access throws
 * {@link IndexOutOfBoundsException}.
 *
 * @param size bytes it takes, or {@link #TO_THE_END}
 */
public record Field(String name, FieldType type, int offset, int size) {
    /** The field reaches to the end of its packet. */
    public static final int TO_THE_END = -1;

    private static final Pattern TYPE =
            Pattern.compile("(u8|u16|i16|u32|i32|i64|u16be|ip32be|mapname16)|(text|bytes)(\\*|[1-9]\\d{0,4})");

    public Field {
        if (offset < 0 || (size < 1 && size != TO_THE_END)) {
            throw new IllegalArgumentException(name + ": offset " + offset + ", size " + size);
        }
    }

    /**
     * A field whose type is written as in the packet and layout files: {@code u32}, {@code text24}, {@code bytes*}.
     *
     * @throws IllegalArgumentException when the type is none
     */
    public static Field of(String name, String type, int offset) {
        Matcher matcher = TYPE.matcher(type);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(name + ": type " + type
                    + " (expected: u8 u16 i16 u32 i32 i64 u16be ip32be mapname16 textN bytesN)");
        }
        if (matcher.group(1) != null) {
            FieldType number =
                    type.equals("mapname16") ? FieldType.MAPNAME : FieldType.valueOf(type.toUpperCase(Locale.ROOT));
            return new Field(name, number, offset, number.size());
        }
        int size = matcher.group(3).equals("*") ? TO_THE_END : Integer.parseInt(matcher.group(3));
        return new Field(name, matcher.group(2).equals("text") ? FieldType.TEXT : FieldType.BYTES, offset, size);
    }

    /** First offset behind it; of a field that reaches to the end, its own. */
    public int end() {
        return offset + Math.max(size, 0);
    }

    public long number(Packet packet) {
        return number(packet, 0);
    }

    public long number(Packet packet, int base) {
        int at = base + offset;
        return switch (type) {
            case U8 -> packet.u8(at);
            case U16 -> packet.u16(at);
            case I16 -> packet.i16(at);
            case U32 -> packet.u32(at);
            case I32 -> packet.i32(at);
            case I64 -> packet.i64(at);
            case U16BE -> packet.u16be(at);
            case IP32BE -> packet.i32be(at);
            case TEXT, MAPNAME, BYTES -> throw wrong("number");
        };
    }

    /** The number in an int: ids, addresses and ports fit as bits. */
    public int integer(Packet packet) {
        return (int) number(packet, 0);
    }

    public int integer(Packet packet, int base) {
        return (int) number(packet, base);
    }

    /** True for every number but 0. */
    public boolean flag(Packet packet) {
        return number(packet, 0) != 0;
    }

    public Packet set(Packet packet, long value) {
        return set(packet, 0, value);
    }

    /** Writes the number's low bytes. */
    public Packet set(Packet packet, int base, long value) {
        int at = base + offset;
        return switch (type) {
            case U8 -> packet.u8(at, (int) value);
            case U16, I16 -> packet.u16(at, (int) value);
            case U32, I32 -> packet.u32(at, value);
            case I64 -> packet.i64(at, value);
            case U16BE -> packet.u16be(at, (int) value);
            case IP32BE -> packet.i32be(at, (int) value);
            case TEXT, MAPNAME, BYTES -> throw wrong("number");
        };
    }

    public String text(Packet packet) {
        return text(packet, 0);
    }

    /** The text up to the first NUL. */
    public String text(Packet packet, int base) {
        if (type != FieldType.TEXT && type != FieldType.MAPNAME) {
            throw wrong("text");
        }
        return packet.text(base + offset, sizeIn(packet, base));
    }

    public Packet set(Packet packet, String value) {
        return set(packet, 0, value);
    }

    /**
     * Writes the text and NULs up to the field's end.
     *
     * @throws IllegalArgumentException when the text and one NUL do not fit
     */
    public Packet set(Packet packet, int base, String value) {
        if (type != FieldType.TEXT && type != FieldType.MAPNAME) {
            throw wrong("text");
        }
        int room = sizeIn(packet, base);
        if (value.length() >= room) {
            throw new IllegalArgumentException(
                    name + ": " + value.length() + " characters (expected: at most " + (room - 1) + ")");
        }
        return packet.text(base + offset, room, value);
    }

    public byte[] bytes(Packet packet) {
        return bytes(packet, 0);
    }

    /** The field's bytes, copied. */
    public byte[] bytes(Packet packet, int base) {
        return packet.slice(base + offset, sizeIn(packet, base));
    }

    /**
     * Writes all the field's bytes.
     *
     * @throws IllegalArgumentException when there are more or fewer
     */
    public Packet set(Packet packet, byte[] value) {
        int room = sizeIn(packet, 0);
        if (value.length != room) {
            throw new IllegalArgumentException(name + ": " + value.length + " bytes (expected: " + room + ")");
        }
        return packet.bytes(offset, value);
    }

    private int sizeIn(Packet packet, int base) {
        return size == TO_THE_END ? packet.length() - base - offset : size;
    }

    private IllegalStateException wrong(String wanted) {
        return new IllegalStateException(name + ": is " + type.word() + ", not a " + wanted);
    }

    /** As it is written in the packet files. */
    @Override
    public String toString() {
        return name + ":" + type.word() + (type.size() > 0 ? "" : size == TO_THE_END ? "*" : size) + "@" + offset;
    }
}
