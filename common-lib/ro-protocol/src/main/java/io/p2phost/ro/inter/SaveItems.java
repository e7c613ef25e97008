package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.Storage;
import org.jspecify.annotations.Nullable;

/** An inventory, a cart or a storage as the map-server has it now: here item gains appear. */
public record SaveItems(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.SAVE_ITEMS);
    private static final Field KIND = LAYOUT.field("kind");
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");

    private static final int STORAGE = LAYOUT.list().offset();

    public SaveItems {
        LAYOUT.check(packet);
        if (packet.length() < STORAGE) {
            throw new FramingException(packet + " (expected: items)");
        }
    }

    public static SaveItems of(ItemKind kind, int accountId, int charId, byte[] storage) {
        Packet packet = LAYOUT.create(STORAGE + storage.length).bytes(STORAGE, storage);
        KIND.set(packet, kind.code());
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        return new SaveItems(packet);
    }

    /** Null when the packet names none there is: a map-server whose inventory never came saves kind 0. */
    public @Nullable ItemKind kind() {
        return ItemKind.byCode(kindCode());
    }

    int kindCode() {
        return KIND.integer(packet);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
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

    /** Whether the items in it are of that build. */
    public boolean isOf(BuildLayout build) {
        return LAYOUT.fits(packet, build.storage().size());
    }

    /** The items' bytes, copied, of whatever build they are. */
    public byte[] storageBytes() {
        return packet.slice(STORAGE, packet.length() - STORAGE);
    }
}
