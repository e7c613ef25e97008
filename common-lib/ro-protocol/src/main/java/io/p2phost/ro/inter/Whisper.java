package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A player whispers to a name. */
public record Whisper(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.WHISPER);
    private static final Field LEVEL = LAYOUT.field("group_level");
    private static final Field SENDER = LAYOUT.field("sender");
    private static final Field TARGET = LAYOUT.field("target");
    private static final Field TEXT = LAYOUT.field("text");

    public Whisper {
        LAYOUT.check(packet);
    }

    public static Whisper of(String sender, String target, String text) {
        Packet packet = LAYOUT.create(TEXT.offset() + text.length() + 1);
        SENDER.set(packet, sender);
        TARGET.set(packet, target);
        TEXT.set(packet, text);
        return new Whisper(packet);
    }

    public int groupLevel() {
        return LEVEL.integer(packet);
    }

    /** Above 0, its receiver's client shows the sender as a game master. */
    public Whisper groupLevel(int groupLevel) {
        LEVEL.set(packet, groupLevel);
        return this;
    }

    public String sender() {
        return SENDER.text(packet);
    }

    public String target() {
        return TARGET.text(packet);
    }

    public String text() {
        return TEXT.text(packet);
    }
}
