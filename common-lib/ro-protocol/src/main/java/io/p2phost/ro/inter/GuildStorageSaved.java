package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** Whether a guild's storage was saved. */
public record GuildStorageSaved(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.GUILD_STORAGE_SAVED);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field GUILD_ID = LAYOUT.field("guild_id");
    private static final Field FAILED = LAYOUT.field("failed");

    public GuildStorageSaved {
        LAYOUT.check(packet);
    }

    public static GuildStorageSaved of(int accountId, int guildId, boolean ok) {
        Packet packet = LAYOUT.create();
        ACCOUNT_ID.set(packet, accountId);
        GUILD_ID.set(packet, guildId);
        FAILED.set(packet, ok ? 0 : 1);
        return new GuildStorageSaved(packet);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int guildId() {
        return GUILD_ID.integer(packet);
    }

    public boolean ok() {
        return !FAILED.flag(packet);
    }
}
