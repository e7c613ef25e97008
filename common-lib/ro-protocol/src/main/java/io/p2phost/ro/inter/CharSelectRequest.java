package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/**
 * A player goes back to the character screen; the char-server lets the ids in it enter there without a password.
 */
public record CharSelectRequest(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.CHAR_SELECT_REQUEST);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field LOGIN_ID1 = LAYOUT.field("login_id1");
    private static final Field LOGIN_ID2 = LAYOUT.field("login_id2");
    private static final Field IP = LAYOUT.field("ip");

    public CharSelectRequest {
        LAYOUT.check(packet);
    }

    public static CharSelectRequest of(int accountId, int loginId1, int loginId2, int ip) {
        Packet packet = LAYOUT.create();
        ACCOUNT_ID.set(packet, accountId);
        IP.set(packet, ip);
        return new CharSelectRequest(packet).loginIds(loginId1, loginId2);
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int loginId1() {
        return LOGIN_ID1.integer(packet);
    }

    public int loginId2() {
        return LOGIN_ID2.integer(packet);
    }

    public int ip() {
        return IP.integer(packet);
    }

    public CharSelectRequest loginIds(int loginId1, int loginId2) {
        LOGIN_ID1.set(packet, loginId1);
        LOGIN_ID2.set(packet, loginId2);
        return this;
    }
}
