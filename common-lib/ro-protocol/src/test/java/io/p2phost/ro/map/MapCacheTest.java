package io.p2phost.ro.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made by the format; the one that rAthena 048c210d5 comes with (1,263 maps) was read with it too. */
class MapCacheTest {
    @TempDir
    private Path folder;

    /** Three wide, two high: ground, wall, ground; gap, water, unknown. */
    private static final byte[] CELLS = {0, 1, 2, 5, 3, 9};

    private static byte[] map(String name, int width, int height, byte[] packed) {
        return ByteBuffer.allocate(20 + packed.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 12))
                .putShort((short) width)
                .putShort((short) height)
                .putInt(packed.length)
                .put(packed)
                .array();
    }

    private static byte[] packed(byte[] cells) {
        byte[] out = new byte[1_000];
        try (Deflater zip = new Deflater()) {
            zip.setInput(cells);
            zip.finish();
            return Arrays.copyOf(out, zip.deflate(out));
        }
    }

    private Path file(String name, byte[]... maps) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] map : maps) {
            all.writeBytes(map);
        }
        ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(8 + all.size()).putShort((short) maps.length);
        Path file = folder.resolve(name);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(header.array());
        whole.writeBytes(all.toByteArray());
        return Files.write(file, whole.toByteArray());
    }

    @Test
    void groundAndWaterCanBeStoodOn() throws IOException {
        MapCache cache = MapCache.read(List.of(file("map_cache.dat", map("small", 3, 2, packed(CELLS)))));
        assertThat(cache.size()).isEqualTo(1);
        StringBuilder seen = new StringBuilder();
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                seen.append(cache.isWalkable("small", x, y) ? '.' : '#');
            }
        }
        assertThat(seen.toString()).isEqualTo(".#." + "#.#");
    }

    @Test
    void nothingIsOutsideAMapAndUnknownMapsAreNotJudged() throws IOException {
        MapCache cache = MapCache.read(List.of(file("map_cache.dat", map("small", 3, 2, packed(CELLS)))));
        assertThat(cache.isWalkable("small", -1, 0)).isFalse();
        assertThat(cache.isWalkable("small", 3, 0)).isFalse();
        assertThat(cache.isWalkable("small", 0, 2)).isFalse();
        assertThat(cache.isWalkable("other", 30_000, -5)).isTrue();
    }

    @Test
    void firstFileThatHasAMapCounts() throws IOException {
        byte[] ground = new byte[6];
        MapCache cache = MapCache.read(List.of(
                file("import.dat", map("small", 3, 2, packed(ground))),
                file("map_cache.dat", map("small", 3, 2, packed(CELLS)), map("second", 3, 2, packed(CELLS)))));
        assertThat(cache.isWalkable("small", 1, 0)).isTrue();
        assertThat(cache.isWalkable("second", 1, 0)).isFalse();
    }

    @Test
    void mapThatNoMapServerTakesIsNotJudgedAndTheOthersAre() throws IOException {
        byte[] wide = new byte[600 * 400];
        wide[1] = 1;
        MapCache cache = MapCache.read(List.of(file(
                "map_cache.dat",
                map("huge", 600, 600, packed(CELLS)),
                map("none", -3, 2, packed(CELLS)),
                map("wide", 600, 400, packed(wide)))));
        assertThat(cache.size()).isEqualTo(1);
        assertThat(cache.isWalkable("huge", 599, 599)).isTrue();
        assertThat(cache.isWalkable("wide", 0, 0)).isTrue();
        assertThat(cache.isWalkable("wide", 1, 0)).isFalse();
    }

    @Test
    void cellsThatCannotBeUnpackedAreNotJudged() throws IOException {
        MapCache cache = MapCache.read(List.of(
                file("map_cache.dat", map("broken", 3, 2, new byte[] {1, 2, 3}), map("short", 3, 3, packed(CELLS)))));
        assertThat(cache.isWalkable("broken", 1, 0)).isTrue();
        assertThat(cache.isWalkable("short", 1, 0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0800", "0900000000000000", "0800000001000000"})
    void whatIsNoSuchFileIsRefused(String hex) throws IOException {
        Path file =
                Files.write(folder.resolve("none.dat"), java.util.HexFormat.of().parseHex(hex));
        assertThatThrownBy(() -> MapCache.read(List.of(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + " (expected: a readable map_cache.dat of rAthena)");
    }
}
