package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.function.Consumer;

/** What a player carries from his inventory to his cart or his account's storage, and back. */
final class Stores {
    private final Consumer<Player> save;

    /** @param save as a stock map-server saves who closes a storage that he has changed; it saves nobody for his cart */
    Stores(Consumer<Player> save) {
        this.save = save;
    }

    /** False: about neither. */
    boolean handle(Player player, Packet packet) {
        switch (packet.id()) {
            case ClientPackets.CZ_TO_CART -> toCart(player, packet.u16(2) - 2, packet.i32(4));
            case ClientPackets.CZ_FROM_CART -> fromCart(player, packet.u16(2) - 2, packet.i32(4));
            case ClientPackets.CZ_TO_STORAGE -> toStorage(player, packet.u16(2) - 2, packet.i32(4));
            case ClientPackets.CZ_FROM_STORAGE -> fromStorage(player, packet.u16(2) - 1, packet.i32(4));
            case ClientPackets.CZ_CLOSE_STORAGE -> close(player);
            default -> {
                return false;
            }
        }
        return true;
    }

    void open(Player player) {
        if (!player.storageOpen) {
            player.storageOpen = true;
            player.send(ClientPackets.storageCount(player.storage.items().size(), Storage.slots(Storage.STORAGE)));
        }
    }

    private void close(Player player) {
        if (player.storageOpen) {
            if (player.storageDirty) {
                save.accept(player);
            }
            player.storageOpen = false;
            player.send(ClientPackets.storageClosed());
        }
    }

    private static void toCart(Player player, int slot, int amount) {
        Item item = player.trade == null && player.shop == null ? player.take(slot, amount) : null;
        if (item == null) {
            return;
        }
        int there = player.cart.add(item.withId(0));
        if (there < 0) {
            player.give(item);
            return;
        }
        player.send(ClientPackets.itemGiven(slot, amount));
        player.send(ClientPackets.cartMore(there, item, amount));
    }

    private static void fromCart(Player player, int slot, int amount) {
        Item item = player.shop == null ? player.cart.take(slot, amount) : null;
        if (item == null) {
            return;
        }
        int there = player.give(item.withId(0));
        if (there < 0) {
            player.cart.add(item);
            return;
        }
        player.send(ClientPackets.cartLess(slot, amount));
        player.send(ClientPackets.itemPicked(there, item, amount));
    }

    private static void toStorage(Player player, int slot, int amount) {
        Item item = player.storageOpen && player.trade == null ? player.take(slot, amount) : null;
        if (item == null) {
            return;
        }
        int there = player.storage.add(item.withId(0));
        if (there < 0) {
            player.give(item);
            return;
        }
        player.storageDirty = true;
        player.send(ClientPackets.storageMore(there, item, amount));
        player.send(ClientPackets.itemGiven(slot, amount));
    }

    private static void fromStorage(Player player, int slot, int amount) {
        Item item = player.storageOpen ? player.storage.take(slot, amount) : null;
        if (item == null) {
            return;
        }
        int there = player.give(item.withId(0));
        if (there < 0) {
            player.storage.add(item);
            return;
        }
        player.storageDirty = true;
        player.send(ClientPackets.itemPicked(there, item, amount));
        player.send(ClientPackets.storageLess(slot, amount));
    }
}
