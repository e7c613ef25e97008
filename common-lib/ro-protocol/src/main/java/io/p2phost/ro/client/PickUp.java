package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The player picks up an item from the floor. */
public record PickUp(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.PICK_UP);
    private static final Field ITEM_ID = LAYOUT.field("item_id");

    public PickUp {
        LAYOUT.check(packet);
    }

    public static PickUp of(int itemId) {
        return new PickUp(ITEM_ID.set(LAYOUT.create(), itemId));
    }

    public int itemId() {
        return ITEM_ID.integer(packet);
    }
}
