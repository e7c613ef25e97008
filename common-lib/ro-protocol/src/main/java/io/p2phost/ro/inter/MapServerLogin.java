package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/** A map-server logs in: the servers' shared user and password, and the address clients will be sent to. */
public record MapServerLogin(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.MAP_SERVER_LOGIN);
    private static final Field USER = LAYOUT.field("user");
    private static final Field PASSWORD = LAYOUT.field("password");
    private static final Field IP = LAYOUT.field("ip");
    private static final Field PORT = LAYOUT.field("port");

    public MapServerLogin {
        LAYOUT.check(packet);
    }

    public static MapServerLogin of(String user, String password, int ip, int port) {
        return new MapServerLogin(LAYOUT.create()).credentials(user, password).address(ip, port);
    }

    public String user() {
        return USER.text(packet);
    }

    public String password() {
        return PASSWORD.text(packet);
    }

    public int ip() {
        return IP.integer(packet);
    }

    public int port() {
        return PORT.integer(packet);
    }

    public MapServerLogin credentials(String user, String password) {
        USER.set(packet, user);
        PASSWORD.set(packet, password);
        return this;
    }

    public MapServerLogin address(int ip, int port) {
        IP.set(packet, ip);
        PORT.set(packet, port);
        return this;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "MapServerLogin[" + packet + "]";
    }
}
