package io.p2phost.relay.charfront;

import io.p2phost.ro.PacketLengths;
import java.util.HashMap;
import java.util.Map;

/**
 * What clients send a char-server. All of it is listed: a stock char-server ends a connection at anything else too, but
 * for what map-servers send it at the same port.
 */
public final class CharClientPackets {
    /** The first packet of every client: account @2, session ids, sex. */
    static final int ENTER = 0x0065;

    static final int ENTER_LENGTH = 17;
    static final int ACCOUNT_AT = 2;

    /** From here on ids are of map-servers and char-servers among themselves. */
    private static final int FIRST_INTER_SERVER = 0x2af8;

    private static final int LAST_INTER_SERVER = 0x38ff;

    private static final Map<Integer, Integer> ALWAYS = Map.ofEntries(
            Map.entry(ENTER, ENTER_LENGTH),
            // A character is chosen, deleted (two forms), or on its way to deletion.
            Map.entry(0x0066, 3),
            Map.entry(0x0068, 46),
            Map.entry(0x01fb, 56),
            Map.entry(0x0827, 6),
            Map.entry(0x0829, 12),
            Map.entry(0x082b, 6),
            // Still there.
            Map.entry(0x0187, 6),
            // Is a name free; a town in place of a map that nobody has.
            Map.entry(0x028d, 34),
            Map.entry(0x0841, 4),
            // PIN codes.
            Map.entry(0x08b8, 10),
            Map.entry(0x08ba, 10),
            Map.entry(0x08be, 14),
            Map.entry(0x08c5, 6),
            // Slots, and the list of characters.
            Map.entry(0x08d4, 8),
            Map.entry(0x09a1, 2));

    private CharClientPackets() {}

    /**
     * The packets of clients of that version. Where versions differ only theirs is in it: a char-server takes as many
     * bytes for the others as for its own, and would read on elsewhere than the relay.
     *
     * @param more packets of an operator's own, with their lengths
     */
    public static PacketLengths of(int version, Map<Integer, Integer> more) {
        Map<Integer, Integer> all = new HashMap<>(ALWAYS);
        if (version >= 2015_10_01) {
            all.put(0x0a39, 36);
        } else if (version >= 2012_03_07) {
            all.put(0x0970, 31);
        } else {
            all.put(0x0067, 37);
        }
        if (version >= 2011_11_01) {
            all.put(0x08fc, 30);
        } else {
            all.put(0x028f, 6);
        }
        all.putAll(more);
        return new PacketLengths("client to char-server " + version, all);
    }

    /** Whether only map-servers and char-servers send it. */
    public static boolean isInterServer(int id) {
        return id >= FIRST_INTER_SERVER && id <= LAST_INTER_SERVER;
    }
}
