package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import org.jspecify.annotations.Nullable;

/** Whether items were saved. */
public record ItemsSaved(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.ITEMS_SAVED);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field OK = LAYOUT.field("ok");
    private static final Field KIND = LAYOUT.field("kind");
    private static final Field STORAGE_ID = LAYOUT.field("storage_id");

    public ItemsSaved {
        LAYOUT.check(packet);
    }

    /** The answer to that save. */
    public static ItemsSaved of(SaveItems saved, boolean ok, int storageId) {
        Packet packet = LAYOUT.create();
        ACCOUNT_ID.set(packet, saved.accountId());
        OK.set(packet, ok ? 1 : 0);
        KIND.set(packet, saved.kindCode());
        STORAGE_ID.set(packet, storageId);
        return new ItemsSaved(packet);
    }

    /** Null when the packet names none there is. */
    public @Nullable ItemKind kind() {
        return ItemKind.byCode(KIND.integer(packet));
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int storageId() {
        return STORAGE_ID.integer(packet);
    }

    public boolean ok() {
        return OK.flag(packet);
    }
}
