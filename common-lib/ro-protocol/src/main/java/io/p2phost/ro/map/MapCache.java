package io.p2phost.ro.map;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The cells of maps, from rAthena's {@code map_cache.dat}: a header (size of the file u32, number of maps u16, 2 bytes
 * nothing), then for each map its name (12 bytes), width and height (i16), the length of what follows (i32), and so many
 * bytes of zlib: one byte a cell, by rows. Of maps that several files have the first counts, as for a map-server.
 * Thread-safe.
 */
public final class MapCache {
    private static final int HEADER = 8;
    private static final int NAME = 12;
    /** As map-servers have it; larger ones they skip. */
    private static final int MOST_CELLS = 512 * 512;

    /** Wall and gap; map-servers let people stand on all else they know. */
    private static final int WALL = 1;

    private static final int GAP = 5;
    private static final int MOST_KNOWN = 6;

    private final Map<String, Packed> packed = new HashMap<>();
    private final Map<String, BitSet> walkable = new ConcurrentHashMap<>();

    private record Packed(int width, int height, ByteBuffer cells) {}

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException when one cannot be read, or is none
     */
    public static MapCache read(List<Path> files) {
        MapCache cache = new MapCache();
        for (Path file : files) {
            try {
                cache.add(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
            } catch (IOException | BufferUnderflowException | DataFormatException e) {
                throw new IllegalArgumentException(file + " (expected: a readable map_cache.dat of rAthena)", e);
            }
        }
        return cache;
    }

    private void add(ByteBuffer in) throws DataFormatException {
        int size = in.getInt();
        int maps = in.getShort() & 0xffff;
        if (size != in.capacity()) {
            throw new DataFormatException("says it has " + size + " bytes");
        }
        in.position(HEADER);
        for (int i = 0; i < maps; i++) {
            byte[] name = new byte[NAME];
            in.get(name);
            int width = in.getShort();
            int height = in.getShort();
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            if (width > 0 && height > 0 && width * height <= MOST_CELLS) {
                packed.putIfAbsent(text(name), new Packed(width, height, in.slice(in.position(), length)));
            }
            in.position(in.position() + length);
        }
    }

    private static String text(byte[] name) {
        String all = new String(name, StandardCharsets.US_ASCII);
        int end = all.indexOf('\0');
        return end < 0 ? all : all.substring(0, end);
    }

    /** How many maps there are. */
    public int size() {
        return packed.size();
    }

    /** Whether somebody can stand there; true also on maps that no file has. */
    public boolean isWalkable(String map, int x, int y) {
        Packed its = packed.get(map);
        if (its == null) {
            return true;
        }
        if (x < 0 || y < 0 || x >= its.width || y >= its.height) {
            return false;
        }
        BitSet cells = walkable.computeIfAbsent(map, name -> unpack(its));
        // Whose cells cannot be unpacked, nobody judges.
        return cells.isEmpty() || cells.get(y * its.width + x);
    }

    private static BitSet unpack(Packed map) {
        byte[] cells = inflate(map);
        BitSet walkable = new BitSet();
        if (cells != null) {
            for (int i = 0; i < cells.length; i++) {
                walkable.set(i, cells[i] != WALL && cells[i] != GAP && cells[i] >= 0 && cells[i] <= MOST_KNOWN);
            }
        }
        return walkable;
    }

    private static byte @Nullable [] inflate(Packed map) {
        byte[] cells = new byte[map.width * map.height];
        try (Inflater zip = new Inflater()) {
            zip.setInput(map.cells.duplicate());
            return zip.inflate(cells) == cells.length ? cells : null;
        } catch (DataFormatException e) {
            return null;
        }
    }
}
