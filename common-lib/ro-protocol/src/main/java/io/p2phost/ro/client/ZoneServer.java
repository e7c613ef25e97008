package io.p2phost.ro.client;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;

/**
 * The char-server sends a client to a map-server (HC_NOTIFY_ZONESVR): with an address, or in the form of newer
 * clients that may carry host:port instead.
 */
public record ZoneServer(Packet packet) {
    private static final PacketLayout LAYOUT = ClientPackets.packet(ClientPackets.ZONE_SERVER);
    private static final Field CHAR_ID = LAYOUT.field("char_id");
    private static final Field MAP = LAYOUT.field("map");
    private static final Field IP = LAYOUT.field("ip");
    private static final Field PORT = LAYOUT.field("port");
    private static final Field DOMAIN = LAYOUT.field("domain");

    /** Both forms, alike but for the domain at the end of the newer one. */
    private static final PacketLayout OLD = ClientPackets.packet(ClientPackets.ZONE_SERVER_IP);

    public ZoneServer {
        check(packet);
    }

    private static void check(Packet packet) {
        (packet.id() == ClientPackets.ZONE_SERVER_IP ? OLD : LAYOUT).check(packet);
    }

    public int charId() {
        return CHAR_ID.integer(packet);
    }

    public int ip() {
        return IP.integer(packet);
    }

    public int port() {
        return PORT.integer(packet);
    }

    public String map() {
        return MAP.text(packet);
    }

    /** {@code host:port}, or empty. */
    public String domain() {
        return packet.id() == ClientPackets.ZONE_SERVER_IP ? "" : DOMAIN.text(packet);
    }

    public ZoneServer address(int ip, int port) {
        IP.set(packet, ip);
        PORT.set(packet, port);
        return this;
    }
}
