package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The client may go back to the character screen (ZC_RESTART_ACK). */
public record RestartAnswer(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.RESTART_ANSWER);
    private static final Field KIND = LAYOUT.field("kind");

    public RestartAnswer {
        LAYOUT.check(packet);
    }

    public static RestartAnswer of(int kind) {
        return new RestartAnswer(KIND.set(LAYOUT.create(), kind));
    }

    public int kind() {
        return KIND.integer(packet);
    }
}
