package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** How many players all map-servers have; a map-server answers with a {@link KeepAlive}. */
public record TotalUsers(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.TOTAL_USERS);
    private static final Field USERS = LAYOUT.field("users");

    public TotalUsers {
        LAYOUT.check(packet);
    }

    public static TotalUsers of(int users) {
        return new TotalUsers(USERS.set(LAYOUT.create(), users));
    }

    public int users() {
        return USERS.integer(packet);
    }
}
