package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** Somebody is not to be seen any more: he is out of sight, dead, has left or teleported. */
public record Vanished(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.VANISHED);
    private static final Field UNIT_ID = LAYOUT.field("unit_id");
    private static final Field KIND = LAYOUT.field("kind");

    public static final int OUT_OF_SIGHT = 0;
    public static final int DIED = 1;
    public static final int LOGGED_OUT = 2;
    public static final int TELEPORTED = 3;

    public Vanished {
        LAYOUT.check(packet);
    }

    public int unitId() {
        return UNIT_ID.integer(packet);
    }

    public int kind() {
        return KIND.integer(packet);
    }
}
