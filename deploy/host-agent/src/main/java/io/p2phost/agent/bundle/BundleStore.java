package io.p2phost.agent.bundle;

import io.p2phost.agent.Time;
import io.p2phost.agent.home.AtomicFile;
import io.p2phost.bundles.BundleException;
import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundleFolder;
import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.Release;
import io.p2phost.bundles.Sha256;
import io.p2phost.bundles.SignedRelease;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PublicKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * This host's bundles: {@code versions/<version>} unpacked, {@code newest.json} the newest release that was ever
 * accepted, {@code current.json} the one whose files are all here. The two differ while a release is being fetched: what
 * is older than the newest is refused from its acceptance on, and maps run from the current one until the other is whole.
 *
 * <p>Refusals are {@link BundleException}s with one line for the player; an {@link IOException} may pass by itself.
 * One thread at a time may update; {@link #current} may be called by any.
 */
public final class BundleStore {
    /** Left to the player whatever a bundle needs. */
    private static final long SPARE_BYTES = 256L * 1024 * 1024;

    private final Path folder;
    private final PublicKey pinned;
    private final BundleSource source;
    private final Surroundings surroundings;

    /**
     * What the store needs of the machine.
     *
     * @param bytesPerSecond most that a download takes
     */
    record Surroundings(long bytesPerSecond, Time time, Pace.Wait pause, Space space) {}

    /** Free bytes of the disk under a folder. */
    interface Space {
        long free(Path folder) throws IOException;
    }

    /** A store in a folder of its own; the pinned key is the one that this host was enrolled with. */
    public BundleStore(Path folder, PublicKey pinned, BundleSource source, long bytesPerSecond, Time time) {
        this(
                folder,
                pinned,
                source,
                new Surroundings(
                        bytesPerSecond,
                        time,
                        TimeUnit.NANOSECONDS::sleep,
                        path -> Files.getFileStore(path).getUsableSpace()));
    }

    BundleStore(Path folder, PublicKey pinned, BundleSource source, Surroundings surroundings) {
        this.folder = folder;
        this.pinned = pinned;
        this.source = source;
        this.surroundings = surroundings;
    }

    /** The folder to run maps from, checked byte by byte now: call it before every start of a map-server. */
    public Path current() throws IOException {
        Release release = read("current.json");
        if (release == null) {
            throw new BundleException("bundle: none is here yet");
        }
        Path version = version(release);
        verified(version, release);
        return version;
    }

    /**
     * Takes the release in effect, if it is another one, or puts right what was damaged here.
     *
     * @return whether {@link #current} changed
     */
    public synchronized boolean update() throws IOException {
        Files.createDirectories(folder);
        byte[] signed = source.release();
        Release newest = read("newest.json");
        Release release = SignedRelease.read(signed).accepted(pinned, newest);
        if (release.equals(read("current.json")) && whole(release)) {
            return false;
        }
        byte[] json = source.manifest(release.version());
        Manifest manifest = SignedRelease.manifest(release, json);
        String text = new String(signed, StandardCharsets.UTF_8);
        if (!release.equals(newest)) {
            AtomicFile.write(folder.resolve("newest.json"), text);
        }
        if (!whole(release)) {
            install(release, manifest, json);
        }
        Release before = read("current.json");
        AtomicFile.write(folder.resolve("current.json"), text);
        clean(release, before);
        return true;
    }

    private boolean whole(Release release) throws IOException {
        try {
            verified(version(release), release);
            return true;
        } catch (BundleException e) {
            return false;
        }
    }

    private static void verified(Path version, Release release) throws IOException {
        Path file = version.resolve(Manifest.FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new BundleException("bundle " + release.version() + ": its manifest is missing");
        }
        BundleFolder.verify(version, SignedRelease.manifest(release, Files.readAllBytes(file)));
    }

    private void install(Release release, Manifest manifest, byte[] json) throws IOException {
        Map<Sha256, Integer> needed = new LinkedHashMap<>();
        for (BundleFile file : manifest.files()) {
            for (int i = 0; i < file.chunks().size(); i++) {
                needed.put(file.chunks().get(i), file.chunkBytes(i));
            }
        }
        checkSpace(release, manifest, needed);
        Path chunks = folder.resolve("chunks");
        Download download = new Download(
                source, new Pace(surroundings.bytesPerSecond(), surroundings.time(), surroundings.pause()), chunks);
        try {
            Files.createDirectories(chunks);
            takeFromOlderVersions(needed, download);
            download.fetch(needed);
            unpack(release, manifest, json, download);
        } catch (WriteFailedException e) {
            // The room is the player's: without the pieces the next download says how much it lacks.
            remove(chunks);
            throw new IOException("bundle " + release.version() + ": " + e.getMessage() + "; what came was removed", e);
        }
    }

    private void unpack(Release release, Manifest manifest, byte[] json, Download download) throws IOException {
        Path loading = folder.resolve("loading");
        try {
            remove(loading);
            for (BundleFile file : manifest.files()) {
                unpack(file, loading, download);
            }
            Files.write(loading.resolve(Manifest.FILE_NAME), json);
            BundleFolder.verify(loading, manifest);
            Files.createDirectories(version(release).getParent());
            remove(version(release));
            Files.move(loading, version(release), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            remove(loading);
        }
    }

    private void checkSpace(Release release, Manifest manifest, Map<Sha256, Integer> needed) throws IOException {
        long bytes = manifest.totalBytes() + SPARE_BYTES;
        for (Map.Entry<Sha256, Integer> chunk : needed.entrySet()) {
            if (!Files.exists(folder.resolve("chunks").resolve(chunk.getKey().hex()))) {
                bytes += chunk.getValue();
            }
        }
        long free = surroundings.space().free(folder);
        if (free < bytes) {
            throw new BundleException("bundle " + release.version() + ": the disk has " + (free >> 20)
                    + " MB free (expected: " + (bytes >> 20) + " MB); nothing was fetched");
        }
    }

    /** What did not change since another version is not fetched again. A damaged piece of it is passed over. */
    private void takeFromOlderVersions(Map<Sha256, Integer> needed, Download download) throws IOException {
        Map<Sha256, Piece> here = new HashMap<>();
        for (Path version : versions()) {
            try {
                Manifest manifest = BundleFolder.manifest(version);
                for (BundleFile file : manifest.files()) {
                    for (int i = 0; i < file.chunks().size(); i++) {
                        here.put(file.chunks().get(i), new Piece(version, file, i));
                    }
                }
            } catch (BundleException e) {
                // Its pieces are fetched instead.
            }
        }
        for (Sha256 chunk : needed.keySet()) {
            Piece piece = here.get(chunk);
            if (piece != null && !Files.exists(folder.resolve("chunks").resolve(chunk.hex()))) {
                try {
                    download.write(chunk, Chunks.read(piece.file(), piece.index(), piece.version()));
                } catch (BundleException | NoSuchFileException | EOFException e) {
                    // It is fetched instead.
                }
            }
        }
    }

    private record Piece(Path version, BundleFile file, int index) {}

    private static void unpack(BundleFile file, Path loading, Download download) throws IOException {
        Path target = file.path().in(loading);
        Files.createDirectories(target.getParent());
        try (OutputStream out = Files.newOutputStream(target)) {
            for (Sha256 chunk : file.chunks()) {
                byte[] content = download.read(chunk);
                try {
                    out.write(content);
                } catch (IOException e) {
                    throw WriteFailedException.of(file.path().toString(), e);
                }
            }
        }
        if (file.executable() && !target.toFile().setExecutable(true)) {
            throw new IOException(target + " cannot be made executable");
        }
    }

    /** The version before stays: maps may still run from it until they are started anew. */
    private void clean(Release release, @Nullable Release before) throws IOException {
        Set<Path> kept = new HashSet<>(Set.of(version(release)));
        if (before != null) {
            kept.add(version(before));
        }
        for (Path version : versions()) {
            if (!kept.contains(version)) {
                remove(version);
            }
        }
        remove(folder.resolve("chunks"));
    }

    private List<Path> versions() throws IOException {
        Path versions = folder.resolve("versions");
        if (!Files.isDirectory(versions)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(versions)) {
            return all.sorted().toList();
        }
    }

    private Path version(Release release) {
        return folder.resolve("versions").resolve(release.version().value());
    }

    /** A release that was accepted; its signature is checked again, because the file lies on a player's disk. */
    private @Nullable Release read(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return null;
        }
        return SignedRelease.read(Files.readAllBytes(file)).accepted(pinned, null);
    }

    private static void remove(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> paths = Files.walk(path)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
