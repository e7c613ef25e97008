package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.function.Consumer;

/** Players' shops: one thing out of a cart at a price. Everybody has a cart and can sell from it. */
final class Shops {
    private static final int LENGTH_OF_TITLE = 80;
    private static final int AREA = 14;

    private final SimMapServer server;
    private final Consumer<Player> save;
    private int number;

    /** What is sold, how many of it are left, and the price of one. */
    static final class Shop {
        private final int number;
        private final int slot;
        private final int price;
        private int amount;

        Shop(int number, int slot, int amount, int price) {
            this.number = number;
            this.slot = slot;
            this.amount = amount;
            this.price = price;
        }
    }

    /** @param save as a stock map-server saves who opens a shop, and both when something is sold */
    Shops(SimMapServer server, Consumer<Player> save) {
        this.server = server;
        this.save = save;
    }

    /** False: about no shop. */
    boolean handle(Player player, Packet packet) {
        switch (packet.id()) {
            case ClientPackets.CZ_OPEN_SHOP -> open(player, packet);
            case ClientPackets.CZ_CLOSE_SHOP -> player.shop = null;
            case ClientPackets.CZ_LOOK_AT_SHOP -> look(player, packet.i32(2));
            case ClientPackets.CZ_BUY -> {
                if (packet.length() >= 16) {
                    buy(player, packet.i32(4), packet.i32(8), packet.u16(14) - 2, packet.u16(12));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void open(Player player, Packet packet) {
        if (packet.length() < 93 || packet.u8(84) == 0 || player.trade != null || player.shop != null) {
            return;
        }
        save.accept(player);
        int slot = packet.u16(85) - 2;
        int amount = packet.u16(87);
        Item item = slot < 0 || slot >= Storage.slots(Storage.CART) ? null : player.cart.at(slot);
        if (item == null || item.amount() < amount || amount <= 0 || packet.i32(89) < 0) {
            return;
        }
        player.shop = new Shop(++number, slot, amount, packet.i32(89));
        player.send(ClientPackets.shopOpened());
        if (player.field != null) {
            player.field.toOthers(player, ClientPackets.shopSign(player.accountId, packet.text(4, LENGTH_OF_TITLE)));
        }
    }

    private void look(Player player, int account) {
        Player seller = server.playing(account);
        if (seller != null && seller.shop != null) {
            player.send(ClientPackets.shop(account, seller.shop.number));
        }
    }

    private void buy(Player buyer, int account, int which, int slot, int amount) {
        Player seller = server.playing(account);
        Shop shop = seller == null || seller == buyer ? null : seller.shop;
        if (seller == null || shop == null || shop.number != which || shop.slot != slot || !near(buyer, seller)) {
            return;
        }
        long price = (long) shop.price * amount;
        if (amount <= 0 || amount > shop.amount || price > buyer.status.zeny()) {
            return;
        }
        Item item = seller.cart.take(slot, amount);
        int there = item == null ? -1 : buyer.give(item.withId(0));
        if (item == null || there < 0) {
            if (item != null) {
                seller.cart.add(item);
            }
            return;
        }
        buyer.status.zeny((int) (buyer.status.zeny() - price));
        seller.status.zeny((int) (seller.status.zeny() + price));
        buyer.send(ClientPackets.zeny(buyer.status.zeny()));
        seller.send(ClientPackets.zeny(seller.status.zeny()));
        buyer.send(ClientPackets.itemPicked(there, item, amount));
        shop.amount -= amount;
        seller.send(ClientPackets.cartLess(slot, amount));
        seller.send(ClientPackets.sold(slot, amount, buyer.charId, (int) price));
        if (shop.amount == 0) {
            // Its client closes it then.
            seller.shop = null;
        }
        save.accept(buyer);
        save.accept(seller);
    }

    private static boolean near(Player buyer, Player seller) {
        return buyer.field == seller.field && buyer.near(seller.x, seller.y, AREA);
    }
}
