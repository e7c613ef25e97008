package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;

/** Mail with items and zeny: both are taken when it is sent, and given back when the char-server refuses it. */
final class Mails {
    private static final int FEE_PERCENT = 2;
    private static final int PRICE_OF_ATTACHMENT = 2_500;
    private static final int HEAD = 68;
    private static final int SENT = 0;
    private static final int FAILED = 1;

    private final CharSide charSide;

    Mails(CharSide charSide) {
        this.charSide = charSide;
    }

    /** False: about no mail. */
    boolean handle(Player player, Packet packet) {
        switch (packet.id()) {
            case ClientPackets.CZ_WRITE_MAIL -> begin(player, packet.text(2, Names.LENGTH));
            case ClientPackets.CZ_ATTACH -> attach(player, packet.u16(2) - 2, packet.u16(4));
            case ClientPackets.CZ_SEND_MAIL -> {
                if (player.writesMail && packet.length() > HEAD) {
                    send(player, packet);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void begin(Player player, String to) {
        if (player.trade == null && !player.storageOpen && !player.writesMail) {
            player.writesMail = true;
            player.attached.clear();
            player.send(ClientPackets.mailBegun(to));
        }
    }

    private static void attach(Player player, int slot, int amount) {
        Item item = slot < 0 || slot >= Storage.slots(Storage.INVENTORY) ? null : player.inventory.at(slot);
        boolean can = player.writesMail
                && player.attached.size() < InterPackets.MAX_ATTACHED
                && player.attached.stream().noneMatch(each -> each[0] == slot);
        if (can && item != null && item.equip() == 0 && amount > 0 && amount <= item.amount()) {
            player.attached.add(new int[] {slot, amount});
            player.send(ClientPackets.attached(slot, amount, item));
        }
    }

    private void send(Player player, Packet packet) {
        player.writesMail = false;
        long zeny = packet.i64(52);
        long costs = zeny + fees(zeny, player.attached.size());
        if (zeny < 0 || zeny > player.status.zeny() || costs > player.status.zeny()) {
            player.send(ClientPackets.mailWritten(FAILED));
            return;
        }
        List<Item> items = new ArrayList<>();
        for (int[] each : player.attached) {
            Item item = player.take(each[0], each[1]);
            if (item != null) {
                items.add(item);
                player.send(ClientPackets.itemGiven(each[0], each[1]));
            }
        }
        pay(player, -costs);
        String title = packet.text(HEAD, packet.length() - HEAD);
        if (!charSide.sendMail(player, packet.text(4, Names.LENGTH), title, (int) zeny, items)) {
            giveBack(player, (int) zeny, items);
        }
    }

    private static long fees(long zeny, int items) {
        return zeny * FEE_PERCENT / 100 + (long) items * PRICE_OF_ATTACHMENT;
    }

    private static void pay(Player player, long more) {
        player.status.zeny((int) (player.status.zeny() + more));
        player.send(ClientPackets.zeny(player.status.zeny()));
    }

    /** The char-server's word: with number 0 it did not take it. */
    void sent(Player player, Packet packet) {
        if (packet.i32(4) == 0) {
            giveBack(player, InterPackets.mailZeny(packet), InterPackets.mailItems(packet));
        } else {
            player.send(ClientPackets.mailWritten(SENT));
            charSide.save(player);
        }
    }

    /** As a stock map-server: nobody is saved for it, and fees come back only with zeny. */
    private static void giveBack(Player player, int zeny, List<Item> items) {
        for (Item item : items) {
            int slot = player.give(item.withId(0));
            if (slot >= 0) {
                player.send(ClientPackets.itemPicked(slot, item, item.amount()));
            }
        }
        if (zeny > 0) {
            pay(player, zeny + fees(zeny, items.size()));
        }
        player.send(ClientPackets.mailWritten(FAILED));
    }
}
