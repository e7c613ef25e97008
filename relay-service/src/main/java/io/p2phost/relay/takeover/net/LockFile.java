package io.p2phost.relay.takeover.net;

import io.p2phost.relay.takeover.Ownership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A locked file: the kernel unlocks it when its process dies, however it dies. Thread-safe. */
final class LockFile implements Ownership {
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Path path;
    private @Nullable FileChannel file;
    private @Nullable FileLock lock;

    LockFile(Path path) {
        this.path = path;
    }

    @Override
    public synchronized boolean take(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        try {
            while (!isOurs()) {
                if (System.nanoTime() >= end) {
                    return false;
                }
                Thread.sleep(LOOK);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "p2p.relay.takeover.socket: " + path + " (expected: a path in a folder that can be written)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isOurs() throws IOException {
        if (file == null) {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
        if (lock == null) {
            lock = file.tryLock();
        }
        return lock != null;
    }

    @Override
    public synchronized void release() {
        try {
            if (lock != null) {
                lock.release();
                lock = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + " could not be unlocked", e);
        }
    }
}
