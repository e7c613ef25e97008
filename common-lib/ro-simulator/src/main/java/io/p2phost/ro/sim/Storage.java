package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A character's or account's items ({@code s_storage}) in the slots they lie in. */
public final class Storage {
    static final int LENGTH = 46_224;

    private static final int MAX_STACK = 30_000;

    static final int INVENTORY = 1;
    static final int CART = 2;
    static final int STORAGE = 3;

    private static final int STATUS = 1;
    private static final int AMOUNT = 2;
    private static final int ID = 8;
    private static final int TYPE = 12;
    private static final int MAX_AMOUNT = 16;
    private static final int STORAGE_ID = 18;
    private static final int STATE = 20;
    private static final int ITEMS = 24;

    private final Packet bytes;

    private Storage(byte[] bytes) {
        this.bytes = Packet.of(bytes);
    }

    /** A view of these bytes, not a copy. */
    static Storage of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("storage: " + bytes.length + " bytes (expected: " + LENGTH + ")");
        }
        return new Storage(bytes);
    }

    /** As it comes out of the database: items one behind the other. */
    static Storage loaded(int type, int id, int mode, Collection<Item> items) {
        Storage storage = new Storage(new byte[LENGTH]);
        storage.bytes.u32(ID, id).u32(TYPE, type).u16(MAX_AMOUNT, slots(type)).u32(STATE, mode & 3);
        int slot = 0;
        for (Item item : items) {
            storage.put(slot++, item);
        }
        storage.count(slot);
        return storage;
    }

    /** Slots that are used of the 600 the structure has. */
    static int slots(int type) {
        return switch (type) {
            case INVENTORY -> 200;
            case CART -> 100;
            default -> 600;
        };
    }

    public byte[] bytes() {
        return bytes.bytes();
    }

    int type() {
        return bytes.i32(TYPE);
    }

    int storageId() {
        return bytes.u8(STORAGE_ID);
    }

    boolean open() {
        return bytes.u8(STATUS) != 0;
    }

    @Nullable
    Item at(int slot) {
        int offset = ITEMS + slot * Item.LENGTH;
        return bytes.i32(offset + 4) == 0 ? null : Item.of(bytes.slice(offset, Item.LENGTH));
    }

    void put(int slot, @Nullable Item item) {
        bytes.bytes(ITEMS + slot * Item.LENGTH, item == null ? new byte[Item.LENGTH] : item.bytes());
    }

    /** Occupied slots, ascending. */
    public List<Item> items() {
        return items(type());
    }

    /** As a storage of this type, whatever it says itself. */
    List<Item> items(int type) {
        List<Item> items = new ArrayList<>();
        int slots = slots(type);
        for (int slot = 0; slot < slots; slot++) {
            Item item = at(slot);
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    int freeSlot() {
        int slots = slots(type());
        for (int slot = 0; slot < slots; slot++) {
            if (bytes.i32(ITEMS + slot * Item.LENGTH + 4) == 0) {
                return slot;
            }
        }
        return -1;
    }

    /** Where it lies now; -1 when there is no room. */
    int add(Item item) {
        int slots = slots(type());
        for (int slot = 0; item.stackable() && slot < slots; slot++) {
            Item lying = at(slot);
            if (lying != null && lying.sameKind(item) && lying.amount() + item.amount() <= MAX_STACK) {
                put(slot, lying.withAmount(lying.amount() + item.amount()));
                return slot;
            }
        }
        int slot = freeSlot();
        if (slot >= 0) {
            put(slot, item);
        }
        return slot;
    }

    /** What was taken out; null when there is not so much of it, or it is worn. */
    @Nullable
    Item take(int slot, int amount) {
        Item lying = slot < 0 || slot >= slots(type()) || amount <= 0 ? null : at(slot);
        if (lying == null || lying.amount() < amount || lying.equip() != 0) {
            return null;
        }
        put(slot, lying.amount() == amount ? null : lying.withAmount(lying.amount() - amount));
        return lying.withAmount(amount);
    }

    private void count(int items) {
        bytes.u16(AMOUNT, items);
    }
}
