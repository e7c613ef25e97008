package io.p2phost.ro.inter;

import io.p2phost.ro.Entries;
import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * All players a map-server has. The char-server marks every other player of that link as lost, and has those kicked
 * that play on another link.
 */
public record OnlineUsers(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.ONLINE_USERS);

    private static final Entries PLAYERS = LAYOUT.list();
    private static final Field ACCOUNT_ID = PLAYERS.field("account_id");
    private static final Field CHAR_ID = PLAYERS.field("char_id");

    public OnlineUsers {
        LAYOUT.check(packet);
    }

    public static OnlineUsers of(List<Player> players) {
        Packet packet = LAYOUT.createList(players.size());
        for (int i = 0; i < players.size(); i++) {
            ACCOUNT_ID.set(packet, PLAYERS.base(i), players.get(i).accountId());
            CHAR_ID.set(packet, PLAYERS.base(i), players.get(i).charId());
        }
        return new OnlineUsers(packet);
    }

    public List<Player> players() {
        List<Player> players = new ArrayList<>();
        for (int i = 0; i < PLAYERS.count(packet); i++) {
            int base = PLAYERS.base(i);
            players.add(new Player(ACCOUNT_ID.integer(packet, base), CHAR_ID.integer(packet, base)));
        }
        return players;
    }

    public record Player(int accountId, int charId) {}
}
