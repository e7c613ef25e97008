package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The player walks: from where to where. */
public record OwnWalk(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.OWN_WALK);
    private static final Field TICK = LAYOUT.field("tick");
    private static final Field PATH = LAYOUT.field("path");

    private static final int MIDDLE = 0x88;

    public OwnWalk {
        LAYOUT.check(packet);
    }

    public static OwnWalk of(int tick, Cell from, Cell to) {
        Packet packet = TICK.set(LAYOUT.create(), tick);
        Cell.writePath(packet, PATH.offset(), from, to, MIDDLE);
        return new OwnWalk(packet);
    }

    public int tick() {
        return TICK.integer(packet);
    }

    public Cell from() {
        return Cell.readPathStart(packet, PATH.offset());
    }

    public Cell to() {
        return Cell.readPathEnd(packet, PATH.offset());
    }
}
