package io.p2phost.registry.bundle;

import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundlePath;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.MapScripts;
import io.p2phost.bundles.Sha256;
import io.p2phost.contracts.MapName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A small bundle: a map-server of its own text or length, and a script that all of them share. */
public final class BundleFixture {
    private static final byte[] SCRIPT = "prt_fild08\twarp".getBytes(StandardCharsets.UTF_8);

    public final Manifest manifest;
    public final byte[] json;
    public final Map<Sha256, byte[]> chunks = new LinkedHashMap<>();

    private BundleFixture(String version, int packetVersion, byte[] server) {
        List<BundleFile> files = List.of(file("map-server", server, true), file("npc/a.txt", SCRIPT, false));
        manifest = new Manifest(
                Manifest.FORMAT,
                new BundleVersion(version),
                packetVersion,
                new BundlePath("map-server"),
                new TreeMap<>(Map.of(MapName.of("prt_fild08"), new MapScripts(List.of(new BundlePath("npc/a.txt"))))),
                files);
        json = manifest.bytes();
    }

    public static BundleFixture of(String version, String server) {
        return new BundleFixture(version, 20_200_401, server.getBytes(StandardCharsets.UTF_8));
    }

    public static BundleFixture ofLength(String version, int bytes) {
        byte[] server = new byte[bytes];
        // Without two pieces that are the same.
        new Random(bytes).nextBytes(server);
        return new BundleFixture(version, 20_200_401, server);
    }

    static BundleFixture ofPackets(int packetVersion) {
        return new BundleFixture("v1", packetVersion, new byte[] {1});
    }

    public BundleVersion version() {
        return manifest.version();
    }

    public Sha256 sha256() {
        return Sha256.of(json);
    }

    private BundleFile file(String path, byte[] content, boolean executable) {
        List<Sha256> names = new ArrayList<>();
        for (int from = 0; from < content.length; from += Chunks.BYTES) {
            byte[] piece = Arrays.copyOfRange(content, from, Math.min(content.length, from + Chunks.BYTES));
            names.add(Sha256.of(piece));
            chunks.put(Sha256.of(piece), piece);
        }
        return new BundleFile(new BundlePath(path), content.length, Sha256.of(content), executable, names);
    }
}
