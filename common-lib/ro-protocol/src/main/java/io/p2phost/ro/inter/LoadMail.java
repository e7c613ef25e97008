package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A map-server asks for a player's mailbox. */
public record LoadMail(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.LOAD_MAIL);
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field FLAG = LAYOUT.field("flag");
    private static final Field INBOX = LAYOUT.field("inbox");

    public LoadMail {
        LAYOUT.check(packet);
    }

    public static LoadMail of(int charId, int flag, int inbox) {
        Packet packet = LAYOUT.create();
        CHAR_ID.set(packet, charId);
        FLAG.set(packet, flag);
        INBOX.set(packet, inbox);
        return new LoadMail(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public int flag() {
        return FLAG.integer(packet);
    }

    public int inbox() {
        return INBOX.integer(packet);
    }
}
