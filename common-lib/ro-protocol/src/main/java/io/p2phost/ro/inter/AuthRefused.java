package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A client may not enter; it is told 0x0081. */
public record AuthRefused(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.AUTH_REFUSED);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field LOGIN_ID1 = LAYOUT.field("login_id1");
    private static final Field SEX = LAYOUT.field("sex");
    private static final Field IP = LAYOUT.field("ip");

    public AuthRefused {
        LAYOUT.check(packet);
    }

    public static AuthRefused of(AuthRequest request) {
        Packet packet = LAYOUT.create();
        ACCOUNT_ID.set(packet, request.accountId());
        CHAR_ID.set(packet, request.charId());
        LOGIN_ID1.set(packet, request.loginId1());
        SEX.set(packet, request.sex());
        IP.set(packet, request.ip());
        return new AuthRefused(packet);
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
}
