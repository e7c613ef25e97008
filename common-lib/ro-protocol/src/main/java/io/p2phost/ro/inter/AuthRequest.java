package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/**
 * A map-server asks for the character of a client that wants in. With {@link #autotrade} the char-server checks
 * nothing.
 */
public record AuthRequest(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.AUTH_REQUEST);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field LOGIN_ID1 = LAYOUT.field("login_id1");
    private static final Field SEX = LAYOUT.field("sex");
    private static final Field IP = LAYOUT.field("ip");
    private static final Field AUTOTRADE = LAYOUT.field("autotrade");

    public AuthRequest {
        LAYOUT.check(packet);
    }

    public static AuthRequest of(int accountId, int charId, int loginId1, int sex, int ip) {
        Packet packet = LAYOUT.create();
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        LOGIN_ID1.set(packet, loginId1);
        SEX.set(packet, sex);
        IP.set(packet, ip);
        return new AuthRequest(packet);
    }

    /** Asks for a character's record without a login: a char-server answers with whom it calls autotrade. */
    public static AuthRequest record(int accountId, int charId) {
        AuthRequest request = of(accountId, charId, 0, 0, 0);
        AUTOTRADE.set(request.packet, 1);
        return request;
    }

    public int accountId() {
        return ACCOUNT_ID.integer(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public int loginId1() {
        return LOGIN_ID1.integer(packet);
    }

    public int sex() {
        return SEX.integer(packet);
    }

    public int ip() {
        return IP.integer(packet);
    }

    public boolean autotrade() {
        return AUTOTRADE.flag(packet);
    }

    public AuthRequest loginId1(int loginId1) {
        LOGIN_ID1.set(packet, loginId1);
        return this;
    }

    public AuthRequest autotrade(boolean autotrade) {
        AUTOTRADE.set(packet, autotrade ? 1 : 0);
        return this;
    }
}
