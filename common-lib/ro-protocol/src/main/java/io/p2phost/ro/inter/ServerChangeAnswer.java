package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.MapPoint;

/** The answer to a {@link ServerChange}: most of it sent back, with no login_id1 when it is refused. */
public record ServerChangeAnswer(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.SERVER_CHANGE_ANSWER);
    private static final Field ACCOUNT_ID = LAYOUT.field("account_id");
    private static final Field LOGIN_ID1 = LAYOUT.field("login_id1");
    private static final Field LOGIN_ID2 = LAYOUT.field("login_id2");
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field MAP = LAYOUT.field("map");
    private static final Field X = LAYOUT.field("x");
    private static final Field Y = LAYOUT.field("y");
    private static final Field IP = LAYOUT.field("ip");
    private static final Field PORT = LAYOUT.field("port");

    public ServerChangeAnswer {
        LAYOUT.check(packet);
    }

    public static ServerChangeAnswer accept(ServerChange change) {
        return new ServerChangeAnswer(LAYOUT.create().bytes(2, change.packet().slice(2, LAYOUT.length() - 2)));
    }

    public static ServerChangeAnswer refuse(ServerChange change) {
        ServerChangeAnswer answer = accept(change);
        LOGIN_ID1.set(answer.packet, 0);
        return answer;
    }

    public boolean accepted() {
        return LOGIN_ID1.flag(packet);
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

    public MapPoint target() {
        return new MapPoint(MAP.text(packet), X.integer(packet), Y.integer(packet));
    }

    /** A refused answer has no first id, and stays refused. */
    public ServerChangeAnswer loginIds(int loginId1, int loginId2) {
        LOGIN_ID1.set(packet, accepted() ? loginId1 : 0);
        LOGIN_ID2.set(packet, loginId2);
        return this;
    }

    public ServerChangeAnswer address(int ip, int port) {
        IP.set(packet, ip);
        PORT.set(packet, port);
        return this;
    }
}
