package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** An item came into the inventory, or not. */
public record ItemGain(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.ITEM_GAIN);
    private static final Field INDEX = LAYOUT.field("index");
    private static final Field AMOUNT = LAYOUT.field("amount");
    private static final Field ITEM = LAYOUT.field("item");
    private static final Field REFINE = LAYOUT.field("refine");
    private static final Field RESULT = LAYOUT.field("result");

    public ItemGain {
        LAYOUT.check(packet);
    }

    public int index() {
        return INDEX.integer(packet);
    }

    public int amount() {
        return AMOUNT.integer(packet);
    }

    public int item() {
        return ITEM.integer(packet);
    }

    public int refine() {
        return REFINE.integer(packet);
    }

    public boolean taken() {
        return !RESULT.flag(packet);
    }
}
