package io.p2phost.ro.layout;

import io.p2phost.ro.Packet;

/**
 * One kind of item in a storage, read and written in place. No {@link #itemId()} means an empty place.
 *
 * @param at where the structure begins in the packet
 */
public record Item(Packet packet, int at, StructLayout layout) {
    /** Places for cards; in made items they hold who made it. */
    public static final int CARDS = 4;

    /** What it is; 0: nothing is here. */
    public int itemId() {
        return integer("nameid");
    }

    public int amount() {
        return integer("amount");
    }

    /** Where it is worn, as bits; 0: not worn. */
    public long equip() {
        return get("equip");
    }

    public int refine() {
        return integer("refine");
    }

    public int card(int index) {
        if (index < 0 || index >= CARDS) {
            throw new IndexOutOfBoundsException("card: " + index + " (expected: 0..3)");
        }
        return integer("card" + index);
    }

    /** Given to each item that does not stack, once. */
    public long uniqueId() {
        return get("unique_id");
    }

    public int bound() {
        return integer("bound");
    }

    public int grade() {
        return integer("enchantgrade");
    }

    public boolean isEmpty() {
        return itemId() == 0;
    }

    /** Any number of the structure, by the name its layout gives it. */
    public long get(String field) {
        return layout.field(field).number(packet, at);
    }

    /** Sets any number of the structure, by the name its layout gives it. */
    public Item set(String field, long value) {
        layout.field(field).set(packet, at, value);
        return this;
    }

    /** Makes it the same as another of its build. */
    public Item copy(Item other) {
        packet.bytes(at, other.bytes());
        return this;
    }

    /** The structure's bytes, copied: equal bytes are the same item in the same state. */
    public byte[] bytes() {
        return packet.slice(at, layout.size());
    }

    private int integer(String field) {
        return layout.field(field).integer(packet, at);
    }
}
