package io.p2phost.cli.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** {@code map_cache.dat} with some of its maps: a header of 8 bytes, then 20 bytes and the packed cells for each map. */
final class MapCache {
    private static final int HEADER_BYTES = 8;
    private static final int NAME_BYTES = 12;
    private static final int INFO_BYTES = NAME_BYTES + 8;

    private MapCache() {}

    /** The cache reduced to these maps; one that is not understood stays whole. */
    static byte[] reduced(byte[] cache, Set<String> maps) {
        if (cache.length < HEADER_BYTES) {
            return cache;
        }
        ByteBuffer in = ByteBuffer.wrap(cache).order(ByteOrder.LITTLE_ENDIAN);
        int count = Short.toUnsignedInt(in.getShort(4));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(cache, 0, HEADER_BYTES);
        int at = HEADER_BYTES;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (at + INFO_BYTES > cache.length) {
                return cache;
            }
            int packed = in.getInt(at + NAME_BYTES + 4);
            if (packed < 0 || packed > cache.length - at - INFO_BYTES) {
                return cache;
            }
            if (maps.contains(name(cache, at))) {
                out.write(cache, at, INFO_BYTES + packed);
                kept++;
            }
            at += INFO_BYTES + packed;
        }
        byte[] reduced = out.toByteArray();
        ByteBuffer.wrap(reduced)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, reduced.length)
                .putShort(4, (short) kept);
        return reduced;
    }

    private static String name(byte[] cache, int at) {
        int length = 0;
        while (length < NAME_BYTES && cache[at + length] != 0) {
            length++;
        }
        return new String(cache, at, length, StandardCharsets.US_ASCII);
    }
}
