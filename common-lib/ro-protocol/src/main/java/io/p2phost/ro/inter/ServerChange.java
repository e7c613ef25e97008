package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.MapPoint;

/** A player walks to a map of another server: who he is, where he goes, and the server that has it. */
public record ServerChange(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.SERVER_CHANGE);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field LOGIN_ID1 = LAYOUT.field("login_id1");
    private static final Field LOGIN_ID2 = LAYOUT.field("login_id2");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field MAP = LAYOUT.field("map");
    private static final Field X = LAYOUT.field("x");
    private static final Field Y = LAYOUT.field("y");
    private static final Field IP = LAYOUT.field("ip");
    private static final Field PORT = LAYOUT.field("port");
    private static final Field SEX = LAYOUT.field("sex");
    private static final Field CLIENT_IP = LAYOUT.field("client_ip");
    private static final Field GROUP_ID = LAYOUT.field("group_id");

    public ServerChange {
        LAYOUT.check(packet);
    }

    public static ServerChange of(int accountId, int charId, MapPoint target) {
        Packet packet = LAYOUT.create();
        ACCOUNT_ID.set(packet, accountId);
        CHAR_ID.set(packet, charId);
        return new ServerChange(packet).target(target);
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

    public int loginId2() {
        return LOGIN_ID2.integer(packet);
    }

    public int ip() {
        return IP.integer(packet);
    }

    public int port() {
        return PORT.integer(packet);
    }

    public int sex() {
        return SEX.integer(packet);
    }

    public int clientIp() {
        return CLIENT_IP.integer(packet);
    }

    public int groupId() {
        return GROUP_ID.integer(packet);
    }

    /** Where the player goes. */
    public MapPoint target() {
        return new MapPoint(MAP.text(packet), X.integer(packet), Y.integer(packet));
    }

    public ServerChange target(MapPoint target) {
        MAP.set(packet, target.map());
        X.set(packet, target.x());
        Y.set(packet, target.y());
        return this;
    }

    public ServerChange loginIds(int loginId1, int loginId2) {
        LOGIN_ID1.set(packet, loginId1);
        LOGIN_ID2.set(packet, loginId2);
        return this;
    }

    /** The server to go to, as it announced itself. */
    public ServerChange address(int ip, int port) {
        IP.set(packet, ip);
        PORT.set(packet, port);
        return this;
    }

    public ServerChange client(int sex, int clientIp) {
        SEX.set(packet, sex);
        CLIENT_IP.set(packet, clientIp);
        return this;
    }

    public ServerChange groupId(int groupId) {
        GROUP_ID.set(packet, groupId);
        return this;
    }
}
