package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** Whether a player may go back to the character screen. */
public record CharSelectAnswer(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.CHAR_SELECT_ANSWER);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field ACCEPTED = LAYOUT.field("accepted");

    public CharSelectAnswer {
        LAYOUT.check(packet);
    }

    public static CharSelectAnswer of(int accountId, boolean accepted) {
        return new CharSelectAnswer(ACCEPTED.set(ACCOUNT_ID.set(LAYOUT.create(), accountId), accepted ? 1 : 0));
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public boolean accepted() {
        return ACCEPTED.flag(packet);
    }
}
