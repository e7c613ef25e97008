package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** An item fell to the floor. */
public record FloorItem(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.FLOOR_ITEM);
    private static final Field ITEM_ID = LAYOUT.field("item_id");
    private static final Field ITEM = LAYOUT.field("item");
    private static final Field X = LAYOUT.field("x");
    private static final Field Y = LAYOUT.field("y");
    private static final Field AMOUNT = LAYOUT.field("amount");

    public FloorItem {
        LAYOUT.check(packet);
    }

    /** The thing on the floor. */
    public int itemId() {
        return ITEM_ID.integer(packet);
    }

    /** What it is. */
    public int item() {
        return ITEM.integer(packet);
    }

    public int x() {
        return X.integer(packet);
    }

    public int y() {
        return Y.integer(packet);
    }

    public int amount() {
        return AMOUNT.integer(packet);
    }
}
