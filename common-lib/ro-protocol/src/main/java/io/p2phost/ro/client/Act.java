package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The player hits something, sits down or stands up. */
public record Act(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.ACT);
    private static final Field TARGET = LAYOUT.field("target");
    private static final Field ACTION = LAYOUT.field("action");

    public static final int HIT = 0;
    public static final int SIT = 2;
    public static final int STAND = 3;
    public static final int KEEP_HITTING = 7;

    public Act {
        LAYOUT.check(packet);
    }

    public static Act of(int target, int action) {
        return new Act(ACTION.set(TARGET.set(LAYOUT.create(), target), action));
    }

    public int target() {
        return TARGET.integer(packet);
    }

    public int action() {
        return ACTION.integer(packet);
    }
}
