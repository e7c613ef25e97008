package io.p2phost.ro.sim;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Trades between two players of a map: both see what the other gives, and it changes hands when both have said yes twice. */
final class Trades {
    private static final int ACCEPTED = 3;
    private static final int DISTANCE = 2;

    private final SimMapServer server;
    private final Consumer<Player> save;

    /** One side of it. */
    static final class Side {
        private final Player other;
        private final List<int[]> items = new ArrayList<>();
        private int zeny;
        private boolean concluded;
        private boolean committed;

        Side(Player other) {
            this.other = other;
        }
    }

    /** @param save as a stock map-server saves both when a trade is done */
    Trades(SimMapServer server, Consumer<Player> save) {
        this.server = server;
        this.save = save;
    }

    /** False: about no trade. */
    boolean handle(Player player, Packet packet) {
        switch (packet.id()) {
            case ClientPackets.CZ_TRADE -> ask(player, packet.i32(2));
            case ClientPackets.CZ_TRADE_ANSWER -> answer(player, packet.u8(2) == ACCEPTED);
            case ClientPackets.CZ_TRADE_OFFER -> offer(player, packet.u16(2), packet.i32(4));
            case ClientPackets.CZ_TRADE_CONCLUDE -> conclude(player);
            case ClientPackets.CZ_TRADE_CANCEL -> cancel(player);
            case ClientPackets.CZ_TRADE_COMMIT -> commit(player);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void ask(Player player, int account) {
        Player other = server.playing(account);
        if (other != null
                && other != player
                && sideOf(player) == null
                && sideOf(other) == null
                && near(player, other)) {
            player.trade = new Side(other);
            other.askedToTrade = player;
            other.send(ClientPackets.tradeAsked(player));
        }
    }

    private void answer(Player player, boolean yes) {
        Player asker = player.askedToTrade;
        player.askedToTrade = null;
        if (asker == null || asker.trade == null || asker.trade.other != player || !near(player, asker)) {
            return;
        }
        if (!yes) {
            asker.trade = null;
            return;
        }
        player.trade = new Side(asker);
        player.send(ClientPackets.tradeBegins(asker));
        asker.send(ClientPackets.tradeBegins(player));
    }

    /** Slot 0 is money. */
    private static void offer(Player player, int slot, int amount) {
        Side side = sideOf(player);
        if (side == null || side.concluded || amount <= 0) {
            return;
        }
        if (slot == 0) {
            side.zeny = Math.min(amount, player.status.zeny());
            player.send(ClientPackets.tradeOffered(-2));
        } else if (isCarried(player, slot - 2, amount) && side.items.stream().noneMatch(each -> each[0] == slot - 2)) {
            side.items.add(new int[] {slot - 2, amount});
            player.send(ClientPackets.tradeOffered(slot - 2));
        }
    }

    private static void conclude(Player player) {
        Side side = sideOf(player);
        if (side != null) {
            side.concluded = true;
        }
    }

    private void commit(Player player) {
        Side mine = sideOf(player);
        Side his = mine == null ? null : sideOf(mine.other);
        if (mine == null || his == null || !mine.concluded || !his.concluded) {
            return;
        }
        mine.committed = true;
        if (!his.committed) {
            return;
        }
        Player other = mine.other;
        if (!near(player, other) || !has(player, mine) || !has(other, his)) {
            cancel(player);
            return;
        }
        player.trade = null;
        other.trade = null;
        hand(player, mine, other);
        hand(other, his, player);
        for (Player each : List.of(player, other)) {
            each.send(ClientPackets.zeny(each.status.zeny()));
            each.send(ClientPackets.tradeDone());
            save.accept(each);
        }
    }

    private static boolean has(Player player, Side side) {
        return player.status.zeny() >= side.zeny
                && side.items.stream().allMatch(each -> isCarried(player, each[0], each[1]));
    }

    private static boolean isCarried(Player player, int slot, int amount) {
        Item item = player.inventory.at(slot);
        return item != null && item.amount() >= amount && item.equip() == 0;
    }

    private static void hand(Player from, Side side, Player to) {
        from.status.zeny(from.status.zeny() - side.zeny);
        to.status.zeny(to.status.zeny() + side.zeny);
        for (int[] each : side.items) {
            Item item = from.take(each[0], each[1]);
            if (item == null) {
                continue;
            }
            Item handed = item.withId(0);
            int slot = to.give(handed);
            if (slot < 0) {
                from.send(ClientPackets.itemPicked(from.give(item), item, each[1]));
                continue;
            }
            to.send(ClientPackets.itemPicked(slot, handed, each[1]));
        }
    }

    private static void cancel(Player player) {
        Side side = sideOf(player);
        if (side != null) {
            cancel(side.other, sideOf(side.other));
            cancel(player, side);
        }
    }

    /** What he had offered is his again. */
    private static void cancel(Player player, @Nullable Side side) {
        player.trade = null;
        if (side != null) {
            for (int[] each : side.items) {
                Item item = player.inventory.at(each[0]);
                if (item != null) {
                    player.send(ClientPackets.itemPicked(each[0], item, each[1]));
                }
            }
        }
        player.send(ClientPackets.tradeCancelled());
    }

    private boolean near(Player player, Player other) {
        return player.spawned
                && other.spawned
                && player.field == other.field
                && player.near(other.x, other.y, DISTANCE)
                && server.playing(other.accountId) == other;
    }

    /** Null as well while the other has not said yes, or has gone. */
    private static @Nullable Side sideOf(Player player) {
        Side side = player.trade;
        boolean mutual = side != null && side.other.trade != null && side.other.trade.other == player;
        return mutual ? side : null;
    }
}
