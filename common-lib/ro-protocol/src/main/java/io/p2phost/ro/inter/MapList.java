package io.p2phost.ro.inter;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import java.util.List;

/** The maps a map-server serves; each list replaces the one before it. */
public record MapList(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(MapToChar.MAP_LIST);

    /** A longer list overflows the char-server's stack. */
    public static final int MOST = 2000;

    public MapList {
        LAYOUT.check(packet);
    }

    /**
     * The list as a packet.
     *
     * @throws IllegalArgumentException when there are more than {@link #MOST} or a name does not fit
     */
    public static MapList of(List<String> maps) {
        if (maps.size() > MOST) {
            throw new IllegalArgumentException("maps: " + maps.size() + " (expected: at most " + MOST + ")");
        }
        return new MapList(MapNames.write(LAYOUT, LAYOUT.createList(maps.size()), maps));
    }

    public List<String> maps() {
        return MapNames.read(LAYOUT, packet);
    }
}
