package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/**
 * The client is in game (ZC_ACCEPT_ENTER), there; it answers that its map is loaded. Those of {@link #ID_2014} have
 * their sex behind it.
 */
public record EnterAccepted(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.ENTER_ACCEPTED);
    private static final Field TICK = LAYOUT.field("tick");
    private static final Field POSITION = LAYOUT.field("position");
    private static final Field X_SIZE = LAYOUT.field("x_size");
    private static final Field Y_SIZE = LAYOUT.field("y_size");

    private static final int SIZE = 5;

    /** What client versions from 2014-10-22 to 2016-03-29 call it (ZC_ACCEPT_ENTER3). */
    public static final int ID_2014 = 0x0a18;

    public EnterAccepted {
        if (packet.id() != ID_2014 || packet.length() != LAYOUT.length() + 1) {
            LAYOUT.check(packet);
        }
    }

    public static EnterAccepted of(int tick, Cell cell) {
        Packet packet = TICK.set(LAYOUT.create(), tick);
        cell.write(packet, POSITION.offset());
        X_SIZE.set(packet, SIZE);
        Y_SIZE.set(packet, SIZE);
        return new EnterAccepted(packet);
    }

    public int tick() {
        return TICK.integer(packet);
    }

    public Cell cell() {
        return Cell.read(packet, POSITION.offset());
    }
}
