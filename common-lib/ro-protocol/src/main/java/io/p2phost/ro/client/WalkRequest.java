package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The player wants to walk to a cell. */
public record WalkRequest(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.WALK_REQUEST);
    private static final Field POSITION = LAYOUT.field("position");

    public WalkRequest {
        LAYOUT.check(packet);
    }

    public static WalkRequest of(int x, int y) {
        Packet packet = LAYOUT.create();
        new Cell(x, y, 0).write(packet, POSITION.offset());
        return new WalkRequest(packet);
    }

    public Cell target() {
        return Cell.read(packet, POSITION.offset());
    }
}
