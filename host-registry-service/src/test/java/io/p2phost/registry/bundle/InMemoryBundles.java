package io.p2phost.registry.bundle;

import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.Sha256;
import io.p2phost.bundles.SignedRelease;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Versions and pieces in maps. */
public final class InMemoryBundles implements Bundles {
    private final Map<BundleVersion, Stored> stored = new HashMap<>();
    private final Map<Sha256, byte[]> chunks = new HashMap<>();

    private static final class Stored {
        private final Bundle bundle;
        private final byte[] manifest;
        private final Map<Sha256, Integer> pieces;

        Stored(Bundle bundle, byte[] manifest, Map<Sha256, Integer> pieces) {
            this.bundle = bundle;
            this.manifest = manifest;
            this.pieces = pieces;
        }
    }

    @Override
    public void lock() {
        // One thread.
    }

    @Override
    public Optional<Bundle> byVersion(BundleVersion version) {
        return Optional.ofNullable(stored.get(version)).map(s -> s.bundle);
    }

    @Override
    public List<Bundle> all() {
        return stored.values().stream()
                .map(s -> s.bundle)
                .sorted(Comparator.comparingLong((Bundle b) -> b.released() == null
                                ? Long.MIN_VALUE
                                : -b.released().sequence())
                        .thenComparing(Bundle::begunAt, Comparator.reverseOrder())
                        .thenComparing(b -> b.version().value()))
                .toList();
    }

    @Override
    public Optional<SignedRelease> current() {
        return all().stream()
                .filter(b -> b.released() != null)
                .findFirst()
                .map(b -> b.released().signed());
    }

    @Override
    public Optional<byte[]> releasedManifest(BundleVersion version) {
        return Optional.ofNullable(stored.get(version))
                .filter(s -> s.bundle.released() != null)
                .map(s -> s.manifest);
    }

    @Override
    public void begin(Bundle bundle, Manifest manifest, byte[] manifestBytes) {
        Map<Sha256, Integer> pieces = new TreeMap<>();
        for (BundleFile file : manifest.files()) {
            for (int i = 0; i < file.chunks().size(); i++) {
                pieces.put(file.chunks().get(i), file.chunkBytes(i));
            }
        }
        stored.put(bundle.version(), new Stored(bundle, manifestBytes, pieces));
    }

    @Override
    public void release(Bundle bundle) {
        stored.computeIfPresent(bundle.version(), (v, s) -> new Stored(bundle, s.manifest, s.pieces));
    }

    @Override
    public void remove(BundleVersion version) {
        stored.remove(version);
    }

    @Override
    public List<Sha256> missing(BundleVersion version) {
        return stored.get(version).pieces.entrySet().stream()
                .filter(p -> !chunks.containsKey(p.getKey()) || chunks.get(p.getKey()).length != p.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public boolean addChunk(Sha256 name, byte[] content, Instant now) {
        boolean named = stored.values().stream()
                .anyMatch(s -> Integer.valueOf(content.length).equals(s.pieces.get(name)));
        if (named) {
            chunks.putIfAbsent(name, content);
        }
        return named;
    }

    @Override
    public Optional<byte[]> chunk(Sha256 name) {
        return Optional.ofNullable(chunks.get(name));
    }

    @Override
    public long namedBytes() {
        Map<Sha256, Integer> named = new HashMap<>();
        stored.values().forEach(s -> named.putAll(s.pieces));
        return named.values().stream().mapToLong(Integer::longValue).sum();
    }

    @Override
    public Kept kept() {
        long releases = stored.values().stream()
                .filter(s -> s.bundle.released() != null)
                .count();
        return new Kept(
                releases,
                stored.size() - releases,
                chunks.size(),
                chunks.values().stream().mapToLong(c -> c.length).sum());
    }

    @Override
    public int removeUnnamedChunks() {
        int before = chunks.size();
        chunks.keySet().removeIf(chunk -> stored.values().stream().noneMatch(s -> s.pieces.containsKey(chunk)));
        return before - chunks.size();
    }
}
