package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A client enters a map-server (CZ_ENTER2). The map-server takes it only when it arrives whole and alone. */
public record Enter(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.ENTER);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field LOGIN_ID1 = LAYOUT.field("login_id1");
    private static final Field TICK = LAYOUT.field("tick");
    private static final Field SEX = LAYOUT.field("sex");

    public Enter {
        LAYOUT.check(packet);
    }

    public static Enter of(int accountId, int charId, int loginId1, int tick, int sex) {
        Packet packet = LAYOUT.create();
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        TICK.set(packet, tick);
        SEX.set(packet, sex);
        return new Enter(packet).loginId1(loginId1);
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

    public int tick() {
        return TICK.integer(packet);
    }

    public int sex() {
        return SEX.integer(packet);
    }

    public Enter loginId1(int loginId1) {
        LOGIN_ID1.set(packet, loginId1);
        return this;
    }
}
