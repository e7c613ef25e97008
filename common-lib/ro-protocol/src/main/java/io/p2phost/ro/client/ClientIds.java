package io.p2phost.ro.client;

import io.p2phost.ro.Packet;
import io.p2phost.ro.PacketLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The ids that a client version gives to packets clients send, where they are others than those of 2020-04-01 ("standard"):
 * versions of 2010 to 2018 shuffle them. Immutable.
 */
public final class ClientIds {
    /** No packet has this id. */
    private static final int NONE = 0;

    private static final int IDS = 0x10000;

    public static final ClientIds STANDARD = new ClientIds(Map.of());

    private final char[] standard = new char[IDS];
    private final Map<Integer, Integer> own;

    private ClientIds(Map<Integer, Integer> own) {
        this.own = Map.copyOf(own);
        for (int id = 0; id < IDS; id++) {
            standard[id] = (char) id;
        }
        // What the version calls by a standard id is another packet.
        own.keySet().forEach(id -> standard[id] = NONE);
        own.forEach((id, its) -> standard[its] = (char) (int) id);
    }

    /**
     * By packet name, as in {@code client-packets.txt}.
     *
     * @param ids hex digits by name, such as {@code time-request: 0887}
     * @throws IllegalArgumentException for an unknown name, an id that is none, or one that two packets have
     */
    public static ClientIds of(Map<String, String> ids) {
        Map<String, Integer> names = new HashMap<>();
        for (PacketLayout packet : ClientPackets.CLIENT_TO_MAP.packets()) {
            names.put(packet.name(), packet.id());
        }
        Map<Integer, Integer> own = new HashMap<>();
        ids.forEach((name, digits) -> {
            Integer id = names.get(name);
            if (id == null) {
                throw new IllegalArgumentException(name + " (expected: one of " + new TreeSet<>(names.keySet()) + ")");
            }
            if (!digits.matches("(0x)?[0-9a-fA-F]{1,4}") || Integer.parseInt(digits.replace("0x", ""), 16) == NONE) {
                throw new IllegalArgumentException(
                        name + ": " + digits + " (expected: a packet id of 1 to 4 hex digits)");
            }
            int its = Integer.parseInt(digits.replace("0x", ""), 16);
            if (own.containsValue(its)) {
                throw new IllegalArgumentException(name + ": " + digits + " (expected: an id of its own)");
            }
            own.put(id, its);
        });
        return new ClientIds(own);
    }

    /** The standard id of what the client calls so; 0 when that is a packet without a standard id. */
    public int standard(int id) {
        return standard[id & 0xffff];
    }

    /** What the client calls the packet with that standard id. */
    public int own(int standardId) {
        return own.getOrDefault(standardId, standardId);
    }

    /** A packet with standard id as the client would send it; the same object where the ids do not differ. */
    public Packet own(Packet packet) {
        int its = own(packet.id());
        return its == packet.id() ? packet : packet.copyAs(its);
    }
}
