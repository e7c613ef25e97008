package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A map-server is to drop a player. It may ignore this. */
public record Kick(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.KICK);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field REASON = LAYOUT.field("reason");

    /** The account logged in elsewhere. */
    public static final int OTHER_LOGIN = 2;

    public Kick {
        LAYOUT.check(packet);
    }

    public static Kick of(int accountId, int reason) {
        return new Kick(REASON.set(ACCOUNT_ID.set(LAYOUT.create(), accountId), reason));
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int reason() {
        return REASON.integer(packet);
    }
}
