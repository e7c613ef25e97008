package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.CharStatus;

/** A client may enter: its session ids, its rights, its saved character. */
public record AuthOk(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.AUTH_OK);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field LOGIN_ID1 = LAYOUT.field("login_id1");
    private static final Field LOGIN_ID2 = LAYOUT.field("login_id2");
    private static final Field EXPIRATION = LAYOUT.field("expiration");
    private static final Field GROUP_ID = LAYOUT.field("group_id");
    private static final Field CHANGING = LAYOUT.field("changing");

    private static final int STATUS = LAYOUT.list().offset();

    public AuthOk {
        LAYOUT.check(packet);
    }

    /** An answer around a character's bytes, with all else 0. */
    public static AuthOk of(int accountId, byte[] status) {
        Packet packet = LAYOUT.create(STATUS + status.length).bytes(STATUS, status);
        return new AuthOk(ACCOUNT_ID.set(packet, accountId));
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

    public int groupId() {
        return GROUP_ID.integer(packet);
    }

    /** When the account ends, in seconds since 1970; 0: never. */
    public long expiration() {
        return EXPIRATION.number(packet);
    }

    /** True when the player comes from another map-server. */
    public boolean changingServers() {
        return CHANGING.flag(packet);
    }

    public AuthOk loginIds(int loginId1, int loginId2) {
        LOGIN_ID1.set(packet, loginId1);
        LOGIN_ID2.set(packet, loginId2);
        return this;
    }

    public AuthOk expiration(long expiration) {
        EXPIRATION.set(packet, expiration);
        return this;
    }

    public AuthOk groupId(int groupId) {
        GROUP_ID.set(packet, groupId);
        return this;
    }

    public AuthOk changingServers(boolean changing) {
        CHANGING.set(packet, changing ? 1 : 0);
        return this;
    }

    /**
     * The character in it.
     *
     * @throws io.p2phost.ro.FramingException when the packet is not of that build
     */
    public CharStatus status(BuildLayout build) {
        LAYOUT.checkList(packet, build.character().size());
        return new CharStatus(packet, STATUS, build.character());
    }
}
