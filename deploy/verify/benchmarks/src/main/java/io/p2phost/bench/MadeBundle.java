package io.p2phost.bench;

import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundlePath;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.MapScripts;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Bundles of a size, of bytes that cannot be made smaller. Of a second version every twentieth piece is another.
 *
 * @param files how many, of so many {@code bytes}; of small ones that is the average, as in a tree
 */
record MadeBundle(String name, int files, int bytes) {
    private static final int CHANGED_OF = 20;
    private static final int PACKET_VERSION = 20_200_401;
    private static final BundlePath SERVER = new BundlePath("map-server");

    String version(int version) {
        return name + "." + version;
    }

    /** Writes it into a new folder, beside it all its bytes as one file. */
    Manifest write(Path folder, int version, Path oneFile) throws IOException {
        List<BundleFile> described = new ArrayList<>();
        int piece = 0;
        try (OutputStream all = Files.newOutputStream(oneFile)) {
            for (int number = 0; number < files; number++) {
                byte[] content = new byte[size(number)];
                for (int from = 0; from < content.length; from += Chunks.BYTES) {
                    boolean another = version > 1 && piece % CHANGED_OF == 0;
                    fill(content, from, piece + (another ? version * 1_000_003L : 0));
                    piece++;
                }
                BundlePath path = number == 0 ? SERVER : new BundlePath("db/" + number % 40 + "/" + number + ".bin");
                Path file = path.in(folder);
                Files.createDirectories(file.getParent());
                Files.write(file, content);
                all.write(content);
                if (number == 0 && !file.toFile().setExecutable(true)) {
                    throw new IOException(file + " cannot be made executable");
                }
                described.add(Chunks.describe(path, file, number == 0));
            }
        }
        Manifest manifest = new Manifest(
                Manifest.FORMAT,
                new BundleVersion(version(version)),
                PACKET_VERSION,
                SERVER,
                new TreeMap<>(Map.of(MapName.of("prt_fild08"), new MapScripts(List.of()))),
                described);
        Files.write(folder.resolve(Manifest.FILE_NAME), manifest.bytes());
        return manifest;
    }

    /** A third has twice the average, the others half of it. */
    private int size(int number) {
        if (bytes >= Chunks.BYTES) {
            return bytes;
        }
        return number % 3 == 0 ? bytes * 2 : bytes / 2;
    }

    private static void fill(byte[] content, int from, long seed) {
        byte[] piece = new byte[Math.min(Chunks.BYTES, content.length - from)];
        new Random(seed).nextBytes(piece);
        System.arraycopy(piece, 0, content, from, piece.length);
    }
}
