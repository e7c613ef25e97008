package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** How many players a map-server has; sent every 10 s. */
public record UserCount(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.USER_COUNT);
    private static final Field USERS = LAYOUT.field("users");

    public UserCount {
        LAYOUT.check(packet);
    }

    public static UserCount of(int users) {
        return new UserCount(USERS.set(LAYOUT.create(), users));
    }

    public int users() {
        return USERS.integer(packet);
    }
}
