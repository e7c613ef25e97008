package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The client asks for the map-server's clock, about every 10 s. */
public record TimeRequest(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.TIME_REQUEST);
    private static final Field TICK = LAYOUT.field("tick");

    public TimeRequest {
        LAYOUT.check(packet);
    }

    public static TimeRequest of(int tick) {
        return new TimeRequest(TICK.set(LAYOUT.create(), tick));
    }

    public int tick() {
        return TICK.integer(packet);
    }
}
