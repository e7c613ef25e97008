package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** The answer to who has a character id; asked for anybody's. */
public record CharName(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.CHAR_NAME);
    private static final Field CHAR_ID = LAYOUT.field("subject_char_id");
    private static final Field NAME = LAYOUT.field("name");

    private static final PacketLayout REQUEST = InterPackets.packet(MapToChar.CHAR_NAME_REQUEST);
    private static final Field ASKED = REQUEST.field("subject_char_id");

    public CharName {
        LAYOUT.check(packet);
    }

    /** The question for it. */
    public static Packet request(int charId) {
        return ASKED.set(REQUEST.create(), charId);
    }

    /** Whose name the question asks for. */
    public static int requested(Packet request) {
        REQUEST.check(request);
        return ASKED.integer(request);
    }

    public static CharName of(int charId, String name) {
        return new CharName(NAME.set(CHAR_ID.set(LAYOUT.create(), charId), name));
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public String name() {
        return NAME.text(packet);
    }
}
