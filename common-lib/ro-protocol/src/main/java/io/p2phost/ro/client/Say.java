package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The player says something: his name, a colon, the words. */
public record Say(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.SAY);
    private static final Field TEXT = LAYOUT.field("text");

    private static final String COLON = " : ";

    public Say {
        LAYOUT.check(packet);
    }

    public static Say of(String name, String words) {
        String text = name + COLON + words;
        return new Say(TEXT.set(LAYOUT.create(TEXT.offset() + text.length() + 1), text));
    }

    public String text() {
        return TEXT.text(packet);
    }

    /** What is said, without the name; empty when there is no name before it. */
    public String words() {
        int colon = text().indexOf(COLON);
        return colon < 0 ? "" : text().substring(colon + COLON.length());
    }
}
