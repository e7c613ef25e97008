package io.p2phost.ro;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a packet: id, length, name, and where its fields are.
 *
 * @param length {@link PacketLengths#VARIABLE}, or bytes
 * @param least fewest bytes such a packet has; below that it is none
 * @param name plain English, lower case, words joined by dashes
 * @param entries the list at its end, if it has one
 */
public record PacketLayout(
        int id,
        int length,
        int least,
        String name,
        List<Field> fields,
        @Nullable Entries entries) {
    private static final String COUNT = "count";

    public PacketLayout {
        fields = List.copyOf(fields);
    }

    /**
     * The field of that name.
     *
     * @throws IllegalArgumentException when it has no such field
     */
    public Field field(String field) {
        return find(fields, name, field);
    }

    /** The field, or null when it has none of that name. */
    public @Nullable Field fieldOrNull(String field) {
        for (Field candidate : fields) {
            if (candidate.name().equals(field)) {
                return candidate;
            }
        }
        return null;
    }

    /** The list at its end. */
    public Entries list() {
        if (entries == null) {
            throw new IllegalArgumentException(name + ": has no list");
        }
        return entries;
    }

    /** A packet of this kind, of fixed length, with nothing in it but its id. */
    public Packet create() {
        if (length == PacketLengths.VARIABLE) {
            throw new IllegalStateException(name + ": its length varies");
        }
        return Packet.fixed(id, length);
    }

    /** A packet of this kind, of this length, with nothing in it but id and length. */
    public Packet create(int bytes) {
        if (length != PacketLengths.VARIABLE || bytes < least) {
            throw new IllegalArgumentException(name + ": " + bytes + " bytes (expected: " + wanted() + ")");
        }
        return Packet.variable(id, bytes);
    }

    /** A packet of this kind with a list of so many entries. */
    public Packet createList(int count) {
        return createList(count, list().size());
    }

    /** A packet of this kind with a list of so many entries of that size; its field {@code count} is set. */
    public Packet createList(int count, int entrySize) {
        Packet packet = create(list().base(count, entrySize));
        Field counter = fieldOrNull(COUNT);
        return counter == null ? packet : counter.set(packet, count);
    }

    /**
     * Throws unless the packet is of this kind: id, length, and a list that fills it as it says.
     *
     * @throws FramingException otherwise; the message says what is wrong
     */
    public void check(Packet packet) {
        boolean long_ = length == PacketLengths.VARIABLE
                ? packet.length() >= least && packet.u16(2) == packet.length()
                : packet.length() == length;
        if (packet.id() != id || !long_) {
            throw new FramingException(packet + " (expected: " + String.format("%04x, ", id) + wanted() + ")");
        }
        if (entries != null && entries.size() > 0) {
            checkList(packet, entries.size());
        }
    }

    /**
     * Throws unless the list fills the packet with entries of that size, as many as its field {@code count} says.
     *
     * @throws FramingException otherwise
     */
    public void checkList(Packet packet, int entrySize) {
        if (!fits(packet, entrySize)) {
            Field counter = fieldOrNull(COUNT);
            String count = counter == null ? "" : ", count " + counter.number(packet);
            throw new FramingException(
                    packet + count + " (expected: entries of " + entrySize + " from " + list().offset() + ")");
        }
    }

    /** True when the list, or the one structure, fills the packet with entries of that size, as many as it says. */
    public boolean fits(Packet packet, int entrySize) {
        int bytes = packet.length() - list().offset();
        if (list().single()) {
            return bytes == entrySize;
        }
        Field counter = fieldOrNull(COUNT);
        return bytes >= 0 && bytes % entrySize == 0 && (counter == null || counter.number(packet) == bytes / entrySize);
    }

    private String wanted() {
        return length == PacketLengths.VARIABLE ? least + " bytes or more" : length + " bytes";
    }

    static Field find(List<Field> fields, String of, String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        throw new IllegalArgumentException(of + ": no field " + name + " (expected: one of " + fields + ")");
    }
}
