package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The map-server's clock, in milliseconds (ZC_NOTIFY_TIME). */
public record ServerTime(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.TIME);
    private static final Field TICK = LAYOUT.field("tick");

    public ServerTime {
        LAYOUT.check(packet);
    }

    public static ServerTime of(int tick) {
        return new ServerTime(TICK.set(LAYOUT.create(), tick));
    }

    public int tick() {
        return TICK.integer(packet);
    }
}
