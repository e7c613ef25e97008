package io.p2phost.ro.layout;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;

/**
 * An inventory, cart or storage inside a packet, read and written in place.
 *
 * @param at where the structure begins in the packet
 */
public record Storage(Packet packet, int at, StructLayout layout) {
    /** How many different items it says it holds. A host writes this too: {@link #items()} looks for itself. */
    public int amount() {
        return layout.field("amount").integer(packet, at);
    }

    public Storage amount(int amount) {
        layout.field("amount").set(packet, at, amount);
        return this;
    }

    /** Whose it is: an account, character or guild, by its kind. */
    public int ownerId() {
        return layout.field("id").integer(packet, at);
    }

    public int kind() {
        return layout.field("type").integer(packet, at);
    }

    public int maxAmount() {
        return layout.field("max_amount").integer(packet, at);
    }

    public int storageId() {
        return layout.field("stor_id").integer(packet, at);
    }

    /** Places it has room for; an inventory or cart uses the first of them. */
    public int places() {
        return layout.array("items").count();
    }

    /** What is in that place. */
    public Item item(int place) {
        StructArray items = layout.array("items");
        return new Item(packet, items.base(at, place), items.of());
    }

    /** All that is there, empty places left out. */
    public List<Item> items() {
        List<Item> items = new ArrayList<>();
        for (int place = 0; place < places(); place++) {
            Item item = item(place);
            if (!item.isEmpty()) {
                items.add(item);
            }
        }
        return items;
    }

    /** The structure's bytes, copied. */
    public byte[] bytes() {
        return packet.slice(at, layout.size());
    }
}
