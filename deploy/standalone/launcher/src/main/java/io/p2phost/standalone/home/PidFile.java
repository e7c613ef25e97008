package io.p2phost.standalone.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process by number and start time. The number alone may belong to somebody else by now; both together cannot.
 *
 * @param pid process id
 * @param startedAt the operating system's start time of the process
 */
public record PidFile(long pid, Instant startedAt) {
    // Start times are derived from the boot time, which moves a little when the clock is corrected.
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    /** Writes down a living process. */
    public static void write(Path file, ProcessHandle process) throws IOException {
        Instant startedAt = process.info().startInstant().orElse(Instant.EPOCH);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, process.pid() + " " + startedAt.toEpochMilli() + "\n");
        Home.ownerOnly(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    public static Optional<PidFile> read(Path file) throws IOException {
        try {
            String[] words = Files.readString(file).strip().split(" ");
            return words.length == 2
                    ? Optional.of(new PidFile(Long.parseLong(words[0]), Instant.ofEpochMilli(Long.parseLong(words[1]))))
                    : Optional.empty();
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The process, if the one that was written down still lives. */
    public Optional<ProcessHandle> living() {
        return ProcessHandle.of(pid)
                .filter(Signals::runs)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> Duration.between(start, startedAt).abs().compareTo(TOLERANCE) <= 0)
                        .orElse(false));
    }

    /** The living process of a pid file, or empty when there is no file, no process, or another process now. */
    public static Optional<ProcessHandle> living(Path file) throws IOException {
        return read(file).flatMap(PidFile::living);
    }
}
