package io.p2phost.ro;

import java.util.List;

/**
 * A list at a packet's end, or one structure that fills the rest of it.
 *
 * @param size bytes of an entry; 0 when the entries are structures
 * @param structure the structure its entries are, whose size and fields the server's build decides; empty when they have
 *     the fields given here
 * @param single there is one structure, or none at all
 */
public record Entries(String name, int offset, int size, String structure, boolean single, List<Field> fields) {
    public Entries {
        fields = List.copyOf(fields);
        if (structure.isEmpty() == (size < 1)) {
            throw new IllegalArgumentException(name + ": entries have a size or a structure's name");
        }
        for (Field field : fields) {
            if (field.size() == Field.TO_THE_END || field.end() > size) {
                throw new IllegalArgumentException(name + ": " + field + " (expected: inside " + size + " bytes)");
            }
        }
    }

    /** The field of an entry; {@link #base} says where the entry is. */
    public Field field(String field) {
        return PacketLayout.find(fields, name, field);
    }

    /** Where entry {@code index} begins. */
    public int base(int index) {
        return base(index, size);
    }

    /** Where entry {@code index} begins when entries take {@code entrySize} bytes. */
    public int base(int index, int entrySize) {
        return offset + index * entrySize;
    }

    public int count(Packet packet) {
        return count(packet, size);
    }

    /** Whole entries up to the packet's end. */
    public int count(Packet packet, int entrySize) {
        return (packet.length() - offset) / entrySize;
    }
}
