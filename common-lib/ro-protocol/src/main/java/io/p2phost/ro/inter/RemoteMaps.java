package io.p2phost.ro.inter;

import io.p2phost.ro.Field;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import java.util.List;

/** Maps of another map-server, where it can be reached: now served there, or no longer. */
public record RemoteMaps(Packet packet) {
    private static final PacketLayout LAYOUT = InterPackets.packet(CharToMap.REMOTE_MAPS);
    private static final Field IP = LAYOUT.field("ip");
    private static final Field PORT = LAYOUT.field("port");

    public RemoteMaps {
        check(packet);
    }

    public static RemoteMaps served(int ip, int port, List<String> maps) {
        return of(LAYOUT, ip, port, maps);
    }

    public static RemoteMaps gone(int ip, int port, List<String> maps) {
        return of(InterPackets.packet(CharToMap.REMOTE_MAPS_GONE), ip, port, maps);
    }

    private static RemoteMaps of(PacketLayout layout, int ip, int port, List<String> maps) {
        Packet packet = MapNames.write(layout, layout.createList(maps.size()), maps);
        return new RemoteMaps(packet).address(ip, port);
    }

    private static void check(Packet packet) {
        boolean gone = packet.id() == CharToMap.REMOTE_MAPS_GONE;
        (gone ? InterPackets.packet(CharToMap.REMOTE_MAPS_GONE) : LAYOUT).check(packet);
    }

    public boolean isGone() {
        return packet.id() == CharToMap.REMOTE_MAPS_GONE;
    }

    public int ip() {
        return IP.integer(packet);
    }

    public int port() {
        return PORT.integer(packet);
    }

    public List<String> maps() {
        return MapNames.read(LAYOUT, packet);
    }

    public RemoteMaps address(int ip, int port) {
        IP.set(packet, ip);
        PORT.set(packet, port);
        return this;
    }

    /**
     * A copy with the bytes of ip and port in reverse. rAthena's map-server forgets remote maps only when told this way:
     * it compares the address without turning it round.
     */
    public RemoteMaps withReversedAddress() {
        RemoteMaps copy = new RemoteMaps(packet.copy());
        return copy.address(Integer.reverseBytes(ip()), Short.reverseBytes((short) port()) & 0xffff);
    }
}
