package io.p2phost.agent.bundle;

import io.p2phost.bundles.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fetches pieces into a folder, some at once; what lies there whole is not fetched again. */
final class Download {
    /** More do not fill a line better, and each holds a piece in memory. */
    static final int AT_ONCE = 4;

    private static final int ATTEMPTS = 3;

    private final BundleSource source;
    private final Pace pace;
    private final Path folder;

    /** Set when one piece failed for good: those on their way are still kept, no others are begun. */
    private volatile boolean stopped;

    Download(BundleSource source, Pace pace, Path folder) {
        this.source = source;
        this.pace = pace;
        this.folder = folder;
    }

    /**
     * Fetches what is missing.
     *
     * @param chunks how many bytes each has
     */
    void fetch(Map<Sha256, Integer> chunks) throws IOException {
        Files.createDirectories(folder);
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> fetched = new ArrayList<>();
            chunks.forEach((chunk, bytes) -> fetched.add(threads.submit(() -> {
                fetch(chunk, bytes);
                return null;
            })));
            try {
                for (Future<?> future : fetched) {
                    future.get();
                }
            } catch (ExecutionException e) {
                stopped = true;
                throw e.getCause() instanceof IOException io
                        ? io
                        : new IOException("download: " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                stopped = true;
                Thread.currentThread().interrupt();
                throw new IOException("download: interrupted", e);
            }
        }
    }

    private void fetch(Sha256 chunk, int bytes) throws IOException, InterruptedException {
        if (stopped) {
            return;
        }
        if (Files.exists(folder.resolve(chunk.hex())) && Sha256.of(read(chunk)).equals(chunk)) {
            return;
        }
        IOException last = new IOException("chunk " + chunk + ": not fetched");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            pace.before(bytes);
            try {
                byte[] content = source.chunk(chunk);
                if (Sha256.of(content).equals(chunk)) {
                    write(chunk, content);
                    return;
                }
                last = new IOException("chunk " + chunk + ": came damaged " + (attempt + 1) + " times");
            } catch (WriteFailedException e) {
                throw e;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    byte[] read(Sha256 chunk) throws IOException {
        return Files.readAllBytes(folder.resolve(chunk.hex()));
    }

    void write(Sha256 chunk, byte[] content) throws IOException {
        Path part = folder.resolve(chunk.hex() + ".part");
        try {
            Files.write(part, content);
            Files.move(
                    part,
                    folder.resolve(chunk.hex()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw WriteFailedException.of("chunk " + chunk, e);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
