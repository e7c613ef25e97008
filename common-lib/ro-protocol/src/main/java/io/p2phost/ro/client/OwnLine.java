package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A line in the player's chat window, as if he had said it. */
public record OwnLine(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.OWN_LINE);
    private static final Field TEXT = LAYOUT.field("text");

    public OwnLine {
        LAYOUT.check(packet);
    }

    public static OwnLine of(String text) {
        return new OwnLine(TEXT.set(LAYOUT.create(TEXT.offset() + text.length() + 1), text));
    }

    public String text() {
        return TEXT.text(packet);
    }
}
