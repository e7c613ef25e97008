package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The client is refused or dropped (SC_NOTIFY_BAN). */
public record Refused(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.REFUSED);
    private static final Field REASON = LAYOUT.field("reason");

    public static final int REJECTED = 0;

    /** The server takes nobody. */
    public static final int SERVER_CLOSED = 1;

    /** The account logged in elsewhere. */
    public static final int OTHER_LOGIN = 2;

    /** The server still knows the last connection. */
    public static final int STILL_CONNECTED = 8;

    public Refused {
        LAYOUT.check(packet);
    }

    public static Refused of(int reason) {
        return new Refused(REASON.set(LAYOUT.create(), reason));
    }

    public int reason() {
        return REASON.integer(packet);
    }
}
