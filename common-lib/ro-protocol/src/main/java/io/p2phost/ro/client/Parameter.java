package io.p2phost.ro.client;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** One of the player's numbers changed: hp, level, zeny, exp. */
public record Parameter(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.PARAMETER);

    public static final int SPEED = 0;
    public static final int BASE_EXP = 1;
    public static final int JOB_EXP = 2;
    public static final int HP = 5;
    public static final int MOST_HP = 6;
    public static final int SP = 7;
    public static final int MOST_SP = 8;
    public static final int BASE_LEVEL = 11;
    public static final int ZENY = 20;
    public static final int NEXT_BASE_EXP = 22;
    public static final int NEXT_JOB_EXP = 23;
    public static final int JOB_LEVEL = 55;

    public Parameter {
        layout(packet).check(packet);
    }

    private static PacketLayout layout(Packet packet) {
        return switch (packet.id()) {
            case MapToClient.EXP_PARAMETER, MapToClient.LONG_PARAMETER -> ClientPackets.packet(packet.id());
            default -> LAYOUT;
        };
    }

    public int kind() {
        return layout(packet).field("kind").integer(packet);
    }

    public long value() {
        return layout(packet).field("value").number(packet);
    }
}
