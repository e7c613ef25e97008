package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketBook;
import io.p2phost.ro.PacketLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where a packet names the player it is from (towards the char-server) or for (towards a map-server). A proxy lets the
 * first through only when the player is on that link, and sends the second to the link the player is on.
 *
 * @param accountId null when the packet has no account id of its own
 * @param charId null when the packet has no character id of its own
 */
public record OwnIds(@Nullable Field accountId, @Nullable Field charId) {
    private static final Map<Integer, OwnIds> FROM = all(InterPackets.MAP_TO_CHAR);
    private static final Map<Integer, OwnIds> FOR = all(InterPackets.CHAR_TO_MAP);
    private static final OwnIds NONE = new OwnIds(null, null);

    /** Of a packet a map-server sends; neither id when the packet is unknown. */
    public static OwnIds fromMapServer(int packetId) {
        return FROM.getOrDefault(packetId, NONE);
    }

    /** Of a packet the char-server sends; neither id when it is for all players or unknown. */
    public static OwnIds fromCharServer(int packetId) {
        return FOR.getOrDefault(packetId, NONE);
    }

    public boolean none() {
        return accountId == null && charId == null;
    }

    public OptionalInt accountId(Packet packet) {
        return accountId == null ? OptionalInt.empty() : OptionalInt.of(accountId.integer(packet));
    }

    public OptionalInt charId(Packet packet) {
        return charId == null ? OptionalInt.empty() : OptionalInt.of(charId.integer(packet));
    }

    private static Map<Integer, OwnIds> all(PacketBook book) {
        Map<Integer, OwnIds> all = new HashMap<>();
        for (PacketLayout packet : book.packets()) {
            all.put(packet.id(), new OwnIds(packet.fieldOrNull("account_id"), packet.fieldOrNull("char_id")));
        }
        return Map.copyOf(all);
    }
}
