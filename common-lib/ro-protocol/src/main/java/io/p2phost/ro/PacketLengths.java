package io.p2phost.ro;

import java.util.Arrays;
import java.util.Map;

/** Length of every known packet of one direction, by id. Unknown ids have none: nobody can tell where the next begins. */
public final class PacketLengths {
    /** The length stands in the two bytes behind the id, unsigned, and counts the header. */
    public static final int VARIABLE = -1;

    /** No such packet. */
    public static final int UNKNOWN = 0;

    private static final int IDS = 0x10000;

    private final String name;
    private final short[] lengths = new short[IDS];
    private final short[] least = new short[IDS];

    /** Lengths by id: {@link #VARIABLE} or 2..32767. */
    public PacketLengths(String name, Map<Integer, Integer> lengths) {
        this(name, lengths, Map.of());
    }

    /**
     * Lengths, and the least a packet of variable length has.
     *
     * @param lengths by id: {@link #VARIABLE} or 2..32767
     * @param least by id, what a packet of variable length has at the least; 4 where nothing is said
     */
    public PacketLengths(String name, Map<Integer, Integer> lengths, Map<Integer, Integer> least) {
        this.name = name;
        lengths.forEach((id, length) -> {
            if (id < 0 || id >= IDS || (length != VARIABLE && (length < 2 || length > Short.MAX_VALUE))) {
                throw new IllegalArgumentException(
                        String.format("%s: packet %04x: length %d (expected: -1 or 2..32767)", name, id, length));
            }
            this.lengths[id] = length.shortValue();
            int fewest = least.getOrDefault(id, Packet.VARIABLE_HEADER);
            this.least[id] = (short) (length == VARIABLE ? Math.max(fewest, Packet.VARIABLE_HEADER) : length);
        });
    }

    /** {@link #VARIABLE}, {@link #UNKNOWN}, or the length in bytes. */
    public int of(int id) {
        return lengths[id & 0xffff];
    }

    /** Fewest bytes a packet of this id has. */
    public int leastOf(int id) {
        return least[id & 0xffff];
    }

    /** Known ids, ascending. */
    public int[] ids() {
        int[] ids = new int[lengths.length];
        int count = 0;
        for (int id = 0; id < lengths.length; id++) {
            if (lengths[id] != UNKNOWN) {
                ids[count++] = id;
            }
        }
        return Arrays.copyOf(ids, count);
    }

    @Override
    public String toString() {
        return name;
    }
}
