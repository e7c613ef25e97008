package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.Arrays;

/** One item of 77 bytes; a value, never changed in place. */
public final class Item {
    static final int LENGTH = 77;

    private static final int ID = 0;
    private static final int NAME_ID = 4;
    private static final int AMOUNT = 8;
    private static final int EQUIP = 10;
    private static final int IDENTIFIED = 14;
    private static final int UNIQUE_ID = 64;

    private final byte[] bytes;

    private Item(byte[] bytes) {
        this.bytes = bytes;
    }

    static Item of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("item: " + bytes.length + " bytes (expected: " + LENGTH + ")");
        }
        return new Item(bytes);
    }

    /**
     * A new one, not yet in the database.
     *
     * @param uniqueId 0 for what stacks
     */
    static Item created(int nameId, int amount, long uniqueId) {
        Packet packet = Packet.of(new byte[LENGTH]);
        packet.u32(NAME_ID, nameId).u16(AMOUNT, amount).u8(IDENTIFIED, 1).i64(UNIQUE_ID, uniqueId);
        return new Item(packet.bytes());
    }

    byte[] bytes() {
        return bytes;
    }

    private Packet view() {
        return Packet.of(bytes);
    }

    /** Row in the database; 0 for one that has none yet. */
    public int id() {
        return view().i32(ID);
    }

    public int nameId() {
        return view().i32(NAME_ID);
    }

    public int amount() {
        return view().i16(AMOUNT);
    }

    int equip() {
        return view().i32(EQUIP);
    }

    public long uniqueId() {
        return view().i64(UNIQUE_ID);
    }

    boolean stackable() {
        return SimWorld.stacks(nameId());
    }

    Item withAmount(int amount) {
        return new Item(Packet.of(bytes.clone()).u16(AMOUNT, amount).bytes());
    }

    /** Worn there. */
    Item worn(int place) {
        return new Item(Packet.of(bytes.clone()).u32(EQUIP, place).bytes());
    }

    Item withId(int id) {
        return new Item(Packet.of(bytes.clone()).u32(ID, id).bytes());
    }

    /** The same thing but for row and amount. */
    boolean sameKind(Item other) {
        return Arrays.equals(withId(0).withAmount(0).bytes, other.withId(0).withAmount(0).bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Item item && Arrays.equals(bytes, item.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return nameId() + "x" + amount() + (uniqueId() == 0 ? "" : "#" + uniqueId());
    }
}
