package io.p2phost.ro.inter;

import io.p2phost.ro.Entries;
import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import java.util.ArrayList;
import java.util.List;

/** Lists of map names. */
final class MapNames {
    private MapNames() {}

    static List<String> read(PacketLayout layout, Packet packet) {
        Entries entries = layout.list();
        Field map = entries.field("map");
        List<String> maps = new ArrayList<>();
        for (int i = 0; i < entries.count(packet); i++) {
            maps.add(map.text(packet, entries.base(i)));
        }
        return maps;
    }

    static Packet write(PacketLayout layout, Packet packet, List<String> maps) {
        Entries entries = layout.list();
        Field map = entries.field("map");
        for (int i = 0; i < maps.size(); i++) {
            map.set(packet, entries.base(i), maps.get(i));
        }
        return packet;
    }
}
