package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The client goes to a map of the same server (ZC_NPCACK_MAPMOVE); it answers that its map is loaded. */
public record MapChange(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.MAP_CHANGE);
    private static final Field MAP = LAYOUT.field("map");
    private static final Field X = LAYOUT.field("x");
    private static final Field Y = LAYOUT.field("y");

    public MapChange {
        LAYOUT.check(packet);
    }

    /** To that cell; {@code map} has its {@code .gat}. */
    public static MapChange of(String map, int x, int y) {
        Packet packet = MAP.set(LAYOUT.create(), map);
        X.set(packet, x);
        Y.set(packet, y);
        return new MapChange(packet);
    }

    public String map() {
        return MAP.text(packet);
    }

    public int x() {
        return X.integer(packet);
    }

    public int y() {
        return Y.integer(packet);
    }
}
