package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.FramingException;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/**
 * A client enters a map-server (CZ_ENTER2). The map-server takes it only when it arrives whole and alone. It has 19 bytes,
 * or {@link #LONG_LENGTH} from client version 2021-11-03 (main: 2022-03-30) on; the sex is the last of them.
 */
public record Enter(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientToMap.ENTER);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field LOGIN_ID1 = LAYOUT.field("login_id1");
    private static final Field TICK = LAYOUT.field("tick");

    /** With four bytes before the sex that no map-server reads. */
    public static final int LONG_LENGTH = 23;

    public Enter {
        if (packet.id() != LAYOUT.id() || !isLength(packet.length())) {
            throw new FramingException(packet + " (expected: " + String.format("%04x", LAYOUT.id()) + ", "
                    + LAYOUT.length() + " or " + LONG_LENGTH + " bytes)");
        }
    }

    /** Whether such a packet may have that many bytes. */
    public static boolean isLength(int length) {
        return length == LAYOUT.length() || length == LONG_LENGTH;
    }

    public static Enter of(int accountId, int charId, int loginId1, int tick, int sex) {
        Packet packet = LAYOUT.create();
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        TICK.set(packet, tick);
        packet.u8(packet.length() - 1, sex);
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
        return packet.u8(packet.length() - 1);
    }

    public Enter loginId1(int loginId1) {
        LOGIN_ID1.set(packet, loginId1);
        return this;
    }
}
