package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import org.jspecify.annotations.Nullable;

/** A map-server asks for an inventory, a cart or a storage. */
public record LoadItems(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.LOAD_ITEMS);
    private static final Field KIND = LAYOUT.field("kind");
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field STORAGE_ID = LAYOUT.field("storage_id");
    private static final Field MODE = LAYOUT.field("mode");

    public LoadItems {
        LAYOUT.check(packet);
    }

    public static LoadItems of(ItemKind kind, int accountId, int charId) {
        Packet packet = LAYOUT.create();
        KIND.set(packet, kind.code());
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        return new LoadItems(packet);
    }

    /** Null when the packet names none there is. */
    public @Nullable ItemKind kind() {
        return ItemKind.byCode(KIND.integer(packet));
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public int storageId() {
        return STORAGE_ID.integer(packet);
    }

    public int mode() {
        return MODE.integer(packet);
    }
}
