package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A dead player wants to be back at his save point, or a player back to the character screen. */
public record Restart(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.RESTART);
    private static final Field KIND = LAYOUT.field("kind");

    public static final int RESPAWN = 0;
    public static final int CHARACTER_SELECT = 1;

    public Restart {
        LAYOUT.check(packet);
    }

    public static Restart of(int kind) {
        return new Restart(KIND.set(LAYOUT.create(), kind));
    }

    public int kind() {
        return KIND.integer(packet);
    }
}
