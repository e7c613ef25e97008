package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.inter.CharToMap;
import io.p2phost.ro.inter.InterPackets;
import io.p2phost.ro.inter.MapToChar;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What follows a player and has a number and a row of its own in the database. */
enum CompanionKind {
    PET(
            "pet_id",
            "pet_id",
            MapToChar.CREATE_PET,
            MapToChar.LOAD_PET,
            MapToChar.SAVE_PET,
            MapToChar.DELETE_PET,
            CharToMap.PET,
            CharToMap.PET_CREATED),
    HOMUNCULUS(
            "hom_id",
            "homunculus_id",
            MapToChar.CREATE_HOMUNCULUS,
            MapToChar.LOAD_HOMUNCULUS,
            MapToChar.SAVE_HOMUNCULUS,
            MapToChar.DELETE_HOMUNCULUS,
            CharToMap.HOMUNCULUS,
            CharToMap.HOMUNCULUS_CREATED),
    MERCENARY(
            "mer_id",
            "mercenary_id",
            MapToChar.CREATE_MERCENARY,
            MapToChar.LOAD_MERCENARY,
            MapToChar.SAVE_MERCENARY,
            MapToChar.DELETE_MERCENARY,
            CharToMap.MERCENARY,
            CharToMap.MERCENARY),
    ELEMENTAL(
            "ele_id",
            "elemental_id",
            MapToChar.CREATE_ELEMENTAL,
            MapToChar.LOAD_ELEMENTAL,
            MapToChar.SAVE_ELEMENTAL,
            MapToChar.DELETE_ELEMENTAL,
            CharToMap.ELEMENTAL,
            CharToMap.ELEMENTAL);

    private static final Map<Integer, CompanionKind> BY_PACKET = new HashMap<>();

    static {
        Arrays.stream(values()).forEach(kind -> {
            for (int id : new int[] {kind.create, kind.load, kind.save, kind.delete, kind.loaded, kind.created}) {
                BY_PACKET.put(id, kind);
            }
        });
    }

    /** Field of a character's record with the number of the one he has. */
    final String inRecord;

    private final String number;
    final int create;
    final int load;
    final int save;
    final int delete;
    /** The char-server's answer to a load. */
    final int loaded;
    /** The char-server's answer to a creation. */
    final int created;

    CompanionKind(String inRecord, String number, int create, int load, int save, int delete, int loaded, int created) {
        this.inRecord = inRecord;
        this.number = number;
        this.create = create;
        this.load = load;
        this.save = save;
        this.delete = delete;
        this.loaded = loaded;
        this.created = created;
    }

    /** The kind that a packet of either direction is about, or null. */
    static @Nullable CompanionKind of(int packetId) {
        return BY_PACKET.get(packetId);
    }

    /** The companion's number in a packet about one; 0 in a packet that has none. */
    int number(Packet packet) {
        PacketLayout layout = layout(packet.id());
        return layout.fieldOrNull(number) == null ? 0 : layout.field(number).integer(packet);
    }

    /** A save, given out again as the answer to a load. */
    Packet loaded(Packet save) {
        PacketLayout from = layout(save.id());
        PacketLayout to = layout(loaded);
        int offset = from.list().offset();
        byte[] structure = save.slice(offset, save.length() - offset);
        Packet packet =
                to.create(to.list().base(1, structure.length)).bytes(to.list().offset(), structure);
        if (to.fieldOrNull("account_id") != null) {
            to.field("account_id").set(packet, from.field("account_id").integer(save));
        }
        return to.fieldOrNull("ok") == null ? packet : to.field("ok").set(packet, 1);
    }

    private static PacketLayout layout(int packetId) {
        PacketLayout layout = InterPackets.MAP_TO_CHAR.packetOrNull(packetId);
        return layout != null ? layout : InterPackets.CHAR_TO_MAP.packet(packetId);
    }
}
