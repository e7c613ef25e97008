package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A line in a colour in the player's chat window. */
public record ColouredLine(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.COLOURED_LINE);
    private static final Field SPEAKER = LAYOUT.field("speaker");
    private static final Field COLOUR = LAYOUT.field("colour");
    private static final Field TEXT = LAYOUT.field("text");

    public ColouredLine {
        LAYOUT.check(packet);
    }

    /** The colour has a byte each for blue, green and red, from the highest. */
    public static ColouredLine of(int colour, String text) {
        Packet packet = LAYOUT.create(TEXT.offset() + text.length() + 1);
        COLOUR.set(packet, colour);
        TEXT.set(packet, text);
        return new ColouredLine(packet);
    }

    public int speaker() {
        return SPEAKER.integer(packet);
    }

    public int colour() {
        return COLOUR.integer(packet);
    }

    public String text() {
        return TEXT.text(packet);
    }
}
