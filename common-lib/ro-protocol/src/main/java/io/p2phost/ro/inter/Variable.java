package io.p2phost.ro.inter;

import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One saved script variable: a number or a text, set or removed.
 *
 * @param index its place, when the variable is an array
 * @param number its value, when it is a number that is set
 * @param text its value, when it is a text that is set
 */
public record Variable(String name, long index, Kind kind, long number, String text) {
    /** Longest name and text, in bytes, with the NUL behind it. */
    private static final int LONGEST = 255;

    /** What happens to a variable. */
    public enum Kind {
        NUMBER(0),
        NO_NUMBER(1),
        TEXT(2),
        NO_TEXT(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    public Variable {
        if (name.isEmpty() || name.length() >= LONGEST || text.length() >= LONGEST) {
            throw new IllegalArgumentException("variable " + name + ": " + name.length() + " and " + text.length()
                    + " characters (expected: a name, and both under 255)");
        }
    }

    public static Variable number(String name, long index, long value) {
        return new Variable(name, index, Kind.NUMBER, value, "");
    }

    public static Variable text(String name, long index, String value) {
        return new Variable(name, index, Kind.TEXT, 0, value);
    }

    /**
     * Reads so many variables, which end where the packet ends.
     *
     * @param kind what all of them are; null when each says so itself
     * @throws FramingException when they do not
     */
    static List<Variable> read(Packet packet, int offset, int count, @Nullable Kind kind) {
        Cursor cursor = new Cursor(packet, offset);
        List<Variable> variables = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = cursor.text();
            long index = packet.u32(cursor.take(4));
            Kind own = kind == null ? cursor.kind() : kind;
            long number = own == Kind.NUMBER ? packet.i64(cursor.take(8)) : 0;
            String text = own == Kind.TEXT ? cursor.text() : "";
            if (name.isEmpty()) {
                throw new FramingException(packet + ": a variable without a name");
            }
            variables.add(new Variable(name, index, own, number, text));
        }
        if (cursor.at != packet.length()) {
            throw new FramingException(packet + ": " + count + " variables end at " + cursor.at);
        }
        return variables;
    }

    /** The variables' bytes; with {@code kinds} each says what it is. */
    static byte[] write(List<Variable> variables, boolean kinds) {
        Packet packet = Packet.of(new byte[Packet.LONGEST + 2 * LONGEST]);
        int at = 0;
        for (Variable variable : variables) {
            at = text(packet, at, variable.name);
            packet.u32(at, variable.index);
            at += 4;
            if (kinds) {
                packet.u8(at++, variable.kind.code);
            }
            if (variable.kind == Kind.NUMBER) {
                packet.i64(at, variable.number);
                at += 8;
            } else if (variable.kind == Kind.TEXT) {
                at = text(packet, at, variable.text);
            }
            if (at > Packet.LONGEST) {
                throw new IllegalArgumentException("variables: " + at + " bytes (expected: at most 65535)");
            }
        }
        return packet.slice(0, at);
    }

    private static int text(Packet packet, int at, String text) {
        int size = text.length() + 1;
        packet.u8(at, size).text(at + 1, size, text);
        return at + 1 + size;
    }

    /** Goes through the packet and never past its end. */
    private static final class Cursor {
        private final Packet packet;
        private int at;

        Cursor(Packet packet, int at) {
            this.packet = packet;
            this.at = at;
        }

        int take(int bytes) {
            int from = at;
            at += bytes;
            if (at > packet.length()) {
                throw new FramingException(packet + ": variables go on behind its end");
            }
            return from;
        }

        String text() {
            int size = packet.u8(take(1));
            String text = packet.text(take(size), size);
            if (text.length() == LONGEST) {
                throw new FramingException(packet + ": a text without its NUL");
            }
            return text;
        }

        Kind kind() {
            int code = packet.u8(take(1));
            for (Kind kind : Kind.values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new FramingException(packet + ": variable of kind " + code + " (expected: 0..3)");
        }
    }
}
