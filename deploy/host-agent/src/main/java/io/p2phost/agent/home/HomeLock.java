package io.p2phost.agent.home;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One agent per home. The operating system drops the lock when the process dies, however it dies. */
public final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the home for this process, or says who has it. */
    public static HomeLock take(AgentHome home) {
        FileChannel channel = tryLock(home);
        if (channel == null) {
            throw new AgentFailure(
                    ExitCode.HOME, "home: " + home.directory() + " is in use by another agent" + holder(home));
        }
        return new HomeLock(channel);
    }

    /** Whether an agent runs in that home now. */
    public static boolean isTaken(AgentHome home) {
        if (!Files.exists(home.lockFile())) {
            return false;
        }
        try (FileChannel channel = tryLock(home)) {
            return channel == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable FileChannel tryLock(AgentHome home) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(home.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                return null;
            }
            AtomicFile.ownerOnly(home.lockFile(), "rw-------");
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (OverlappingFileLockException e) {
            closeQuietly(channel);
            return null;
        } catch (IOException e) {
            closeQuietly(channel);
            throw new AgentFailure(ExitCode.HOME, "home: cannot be locked at " + home.lockFile() + ": " + e, e);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException ignored) {
                // Nothing was written through it that anyone needs.
            }
        }
    }

    private static String holder(AgentHome home) {
        try {
            return " (process " + Files.readString(home.lockFile()).strip() + ")";
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}
