package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.Storage;
import org.jspecify.annotations.Nullable;

/** An inventory, a cart or a storage as it was saved. */
public record ItemsLoaded(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.ITEMS);
    private static final Field KIND = LAYOUT.field("kind");
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field OK = LAYOUT.field("ok");

    private static final int STORAGE = LAYOUT.list().offset();

    public ItemsLoaded {
        LAYOUT.check(packet);
    }

    public static ItemsLoaded of(ItemKind kind, int accountId, byte[] storage) {
        Packet packet = LAYOUT.create(STORAGE + storage.length).bytes(STORAGE, storage);
        KIND.set(packet, kind.code());
        ACCOUNT_ID.set(packet, accountId);
        OK.set(packet, 1);
        return new ItemsLoaded(packet);
    }

    /** What was saved last, given out again. */
    public static ItemsLoaded of(SaveItems saved) {
        byte[] storage = saved.storageBytes();
        Packet packet = LAYOUT.create(STORAGE + storage.length).bytes(STORAGE, storage);
        KIND.set(packet, saved.kindCode());
        ACCOUNT_ID.set(packet, saved.accountId());
        OK.set(packet, 1);
        return new ItemsLoaded(packet);
    }

    /** Null when the packet names none there is. */
    public @Nullable ItemKind kind() {
        return ItemKind.byCode(KIND.integer(packet));
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public boolean ok() {
        return OK.flag(packet);
    }

    /** Whether the items in it are of that build. */
    public boolean isOf(BuildLayout build) {
        return LAYOUT.fits(packet, build.storage().size());
    }

    /**
     * The items in it.
     *
     * @throws io.p2phost.ro.FramingException when the packet is not of that build
     */
    public Storage storage(BuildLayout build) {
        LAYOUT.checkList(packet, build.storage().size());
        return new Storage(packet, STORAGE, build.storage());
    }
}
