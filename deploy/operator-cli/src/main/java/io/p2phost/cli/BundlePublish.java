package io.p2phost.cli;

import io.p2phost.bundles.BundleException;
import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundleFolder;
import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Sends what the suite lacks of a bundle, then has it released. */
record BundlePublish(JsonNode released, int chunks, long bytes) {
    static BundlePublish of(Path folder, Gateway gateway, Session session) {
        try {
            Manifest manifest = BundleFolder.manifest(folder);
            BundleFolder.verify(folder, manifest);
            // As it lies there: its SHA-256 is what gets signed.
            byte[] json = Files.readAllBytes(folder.resolve(Manifest.FILE_NAME));
            String path = "bundles/" + Gateway.encode(manifest.version().value());
            Set<Sha256> missing = new LinkedHashSet<>();
            for (JsonNode name : gateway.putBytes(path, json).path("missing")) {
                missing.add(new Sha256(name.asString("")));
            }
            if (!session.json()) {
                session.out()
                        .println(missing.size() + " of " + manifest.chunks().size() + " chunks are sent.");
            }
            long bytes = send(folder, manifest, missing, gateway);
            JsonNode released = gateway.post(
                    path + ":commit", Map.of("manifestSha256", Sha256.of(json).hex()));
            return new BundlePublish(released, missing.size(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long send(Path folder, Manifest manifest, Set<Sha256> missing, Gateway gateway) throws IOException {
        record Piece(BundleFile file, int index) {}
        Map<Sha256, Piece> pieces = new HashMap<>();
        for (BundleFile file : manifest.files()) {
            for (int i = 0; i < file.chunks().size(); i++) {
                pieces.put(file.chunks().get(i), new Piece(file, i));
            }
        }
        long bytes = 0;
        for (Sha256 name : missing) {
            Piece piece = pieces.get(name);
            if (piece == null) {
                throw new BundleException("the gateway asks for chunk " + name + ", which is no piece of this bundle");
            }
            byte[] content = Chunks.read(piece.file(), piece.index(), folder);
            gateway.putChunk("bundle-chunks/" + name, content);
            bytes += content.length;
        }
        return bytes;
    }
}
