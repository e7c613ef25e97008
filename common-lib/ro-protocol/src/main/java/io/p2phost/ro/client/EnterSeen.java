package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The map-server has read who enters; whether he may is not decided yet. */
public record EnterSeen(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.ENTER_SEEN);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");

    public EnterSeen {
        LAYOUT.check(packet);
    }

    public static EnterSeen of(int accountId) {
        return new EnterSeen(ACCOUNT_ID.set(LAYOUT.create(), accountId));
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }
}
