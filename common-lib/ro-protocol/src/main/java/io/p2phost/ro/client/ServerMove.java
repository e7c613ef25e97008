package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/**
 * The client is to connect to another map-server (ZC_NPCACK_SERVERMOVE): with an address, or in the form of newer
 * clients that may carry host:port instead.
 */
public record ServerMove(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(MapToClient.SERVER_MOVE);
    private static final Field MAP = LAYOUT.field("map");
    private static final Field X = LAYOUT.field("x");
    private static final Field Y = LAYOUT.field("y");
    private static final Field IP = LAYOUT.field("ip");
    private static final Field PORT = LAYOUT.field("port");
    private static final Field DOMAIN = LAYOUT.field("domain");

    /** Both forms, alike but for the domain at the end of the newer one. */
    private static final PacketLayout OLD = ClientPackets.packet(MapToClient.SERVER_MOVE_IP);

    public ServerMove {
        check(packet);
    }

    /** The newer form; {@code map} has its {@code .gat}. */
    public static ServerMove of(String map, int x, int y, int ip, int port) {
        return new ServerMove(LAYOUT.create()).target(map, x, y).address(ip, port);
    }

    /** The form of clients before 2017-03-15; {@code map} has its {@code .gat}. */
    public static ServerMove ofOldClient(String map, int x, int y, int ip, int port) {
        return new ServerMove(OLD.create()).target(map, x, y).address(ip, port);
    }

    private static void check(Packet packet) {
        (packet.id() == MapToClient.SERVER_MOVE_IP ? OLD : LAYOUT).check(packet);
    }

    public String map() {
        return MAP.text(packet);
    }

    public int x() {
        return X.integer(packet);
    }

    public int y() {
        return Y.integer(packet);
    }

    public int ip() {
        return IP.integer(packet);
    }

    public int port() {
        return PORT.integer(packet);
    }

    /** {@code host:port}, or empty. */
    public String domain() {
        return packet.id() == MapToClient.SERVER_MOVE_IP ? "" : DOMAIN.text(packet);
    }

    public ServerMove address(int ip, int port) {
        IP.set(packet, ip);
        PORT.set(packet, port);
        return this;
    }

    private ServerMove target(String map, int x, int y) {
        MAP.set(packet, map);
        X.set(packet, x);
        Y.set(packet, y);
        return this;
    }
}
