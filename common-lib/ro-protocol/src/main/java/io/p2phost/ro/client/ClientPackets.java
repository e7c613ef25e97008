package io.p2phost.ro.client;

import io.p2phost.ro.PacketBook;
import io.p2phost.ro.PacketLayout;

/** The packets of clients of 2020-04-01 whose fields are known, from {@code client-packets.txt}. */
public final class ClientPackets {
    /** The char-server sends a client to a map-server: the older and the newer form. */
    public static final int ZONE_SERVER_IP = 0x0071;

    public static final int ZONE_SERVER = 0x0ac5;

    private static final String FILE = "client-packets.txt";

    public static final PacketBook CLIENT_TO_MAP = PacketBook.read(ClientPackets.class, FILE, "client>map");

    public static final PacketBook MAP_TO_CLIENT = PacketBook.read(ClientPackets.class, FILE, "map>client");

    public static final PacketBook CHAR_TO_CLIENT = PacketBook.read(ClientPackets.class, FILE, "char>client");

    private ClientPackets() {}

    /** The packet of any direction: no id has two meanings. */
    static PacketLayout packet(int id) {
        for (PacketBook book : new PacketBook[] {CLIENT_TO_MAP, MAP_TO_CLIENT}) {
            PacketLayout layout = book.packetOrNull(id);
            if (layout != null) {
                return layout;
            }
        }
        return CHAR_TO_CLIENT.packet(id);
    }
}
