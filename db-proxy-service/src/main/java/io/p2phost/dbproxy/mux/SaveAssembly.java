package io.p2phost.dbproxy.mux;

import io.p2phost.ro.Packet;
import java.util.ArrayList;
import java.util.List;

/** A save group that is being sent: complete with the character's record, worth nothing before. */
final class SaveAssembly {
    /** An honest group has at most nine packets and a few variables more. */
    static final int MAX_PACKETS = 64;

    static final int MAX_BYTES = 512 * 1024;

    private final List<Packet> packets = new ArrayList<>();
    private int bytes;

    /** False when the group is longer than any honest one; it is forgotten then. */
    boolean add(Packet packet) {
        if (packets.size() >= MAX_PACKETS || bytes + packet.length() > MAX_BYTES) {
            clear();
            return false;
        }
        packets.add(packet);
        bytes += packet.length();
        return true;
    }

    /** The group, which begins anew. */
    List<Packet> take() {
        List<Packet> group = List.copyOf(packets);
        clear();
        return group;
    }

    void clear() {
        packets.clear();
        bytes = 0;
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }
}
