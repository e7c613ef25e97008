package io.p2phost.ro.inter;

import io.p2phost.ro.Entries;
import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketBook;
import io.p2phost.ro.PacketLayout;
import io.p2phost.ro.layout.BuildLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All packets between map-servers and the char-server, from {@code inter-packets.txt}. */
public final class InterPackets {
    private static final String FILE = "inter-packets.txt";

    public static final PacketBook MAP_TO_CHAR = PacketBook.read(InterPackets.class, FILE, "map>char");

    public static final PacketBook CHAR_TO_MAP = PacketBook.read(InterPackets.class, FILE, "char>map");

    private InterPackets() {}

    /**
     * Why this layout is not that of the server which sent the packet: one line with both sizes and what makes the right
     * layout. Empty when the packet fits, and for packets without structures.
     */
    public static Optional<String> refusal(Packet packet, BuildLayout build) {
        PacketLayout layout = packetOrNull(packet.id());
        Entries entries = layout == null ? null : layout.entries();
        if (layout == null || entries == null || !build.structs().containsKey(entries.structure())) {
            return Optional.empty();
        }
        int size = build.struct(entries.structure()).size();
        int seen = packet.length() - entries.offset();
        if ((entries.single() && seen <= 0) || layout.fits(packet, size)) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                "%s of packet %04x: %d bytes (expected: %s%d as in layout %s; for another build run %s)",
                entries.structure(),
                packet.id(),
                seen,
                entries.single() ? "" : "a multiple of ",
                size,
                build.name(),
                BuildLayout.GENERATOR));
    }

    /** The packet of either direction, or null when there is none. */
    static @Nullable PacketLayout packetOrNull(int id) {
        PacketLayout layout = MAP_TO_CHAR.packetOrNull(id);
        return layout != null ? layout : CHAR_TO_MAP.packetOrNull(id);
    }

    /**
     * The packet of either direction: no id has two meanings.
     *
     * @throws IllegalArgumentException when there is none
     */
    static PacketLayout packet(int id) {
        PacketLayout layout = packetOrNull(id);
        return layout != null ? layout : CHAR_TO_MAP.packet(id);
    }
}
