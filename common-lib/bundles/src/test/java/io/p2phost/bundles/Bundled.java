package io.p2phost.bundles;

import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small bundle for tests. */
final class Bundled {
    static final BundlePath SERVER = new BundlePath("map-server");
    static final BundlePath SCRIPT = new BundlePath("npc/prontera.txt");

    private Bundled() {}

    /** A server of 2.5 chunks, a script and an empty file, unpacked. */
    static Manifest unpacked(Path folder, String version) throws IOException {
        byte[] server = new byte[Chunks.BYTES * 5 / 2];
        for (int i = 0; i < server.length; i++) {
            server[i] = (byte) ((i * 31) >> 8);
        }
        Map<BundlePath, byte[]> contents = Map.of(
                SERVER,
                server,
                SCRIPT,
                "prt_fild08\twarp\t…".getBytes(StandardCharsets.UTF_8),
                new BundlePath("conf/motd.txt"),
                new byte[0]);
        List<BundleFile> files = new ArrayList<>();
        for (Map.Entry<BundlePath, byte[]> content : contents.entrySet()) {
            Path file = content.getKey().in(folder);
            Files.createDirectories(file.getParent());
            Files.write(file, content.getValue());
            boolean executable = content.getKey().equals(SERVER);
            if (executable && !file.toFile().setExecutable(true)) {
                throw new IOException(file + " cannot be made executable");
            }
            files.add(Chunks.describe(content.getKey(), file, executable));
        }
        Manifest manifest = manifest(version, files);
        Files.write(folder.resolve(Manifest.FILE_NAME), manifest.bytes());
        return manifest;
    }

    static Manifest manifest(String version, List<BundleFile> files) {
        return new Manifest(
                Manifest.FORMAT,
                new BundleVersion(version),
                20200401,
                SERVER,
                new TreeMap<>(Map.of(new MapName("prt_fild08"), new MapScripts(List.of(SCRIPT)))),
                files);
    }

    static BundleFile file(String path, boolean executable) {
        Sha256 sha256 = Sha256.of(path.getBytes(StandardCharsets.UTF_8));
        return new BundleFile(new BundlePath(path), 5, sha256, executable, List.of(sha256));
    }
}
