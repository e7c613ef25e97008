package io.p2phost.standalone.home;

import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Held by the one launcher of a home for as long as it lives; the operating system frees it, however it ends. */
public final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, or empty when another process has it. */
    public static Optional<HomeLock> tryTake(Home home) throws Refusal {
        try {
            FileChannel channel = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return Optional.of(new HomeLock(channel));
                }
            } catch (OverlappingFileLockException e) {
                // Another suite in this very process.
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw Faults.writing(home.lock(), e);
        }
    }

    /** Whether a launcher runs on this home now. */
    public static boolean isHeld(Home home) throws Refusal {
        if (!Files.exists(home.lock())) {
            return false;
        }
        Optional<HomeLock> lock = tryTake(home);
        lock.ifPresent(HomeLock::close);
        return lock.isEmpty();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }
}
