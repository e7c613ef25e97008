package io.p2phost.agent.cell;

import io.p2phost.agent.home.AtomicFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which processes are cells, for the agent that comes after one that could not end them. They lie where no
 * cell can write, and tell a process from a later one with the same number by when it started.
 */
public final class PidFiles {
    private static final String ENDING = ".pid";
    private static final Duration GONE = Duration.ofSeconds(3);
    private static final Logger log = LoggerFactory.getLogger(PidFiles.class);

    private final Path folder;

    public PidFiles(Path folder) {
        this.folder = folder;
    }

    void write(String cell, long pid) throws IOException {
        AtomicFile.writeVolatile(
                folder.resolve(cell + ENDING), pid + " " + startOf(pid).orElse("?"));
    }

    void remove(String cell) {
        try {
            Files.deleteIfExists(folder.resolve(cell + ENDING));
        } catch (IOException e) {
            log.debug("{}: {}", cell, e.toString());
        }
    }

    /** Kills what an earlier agent left; gives how many there were. */
    public int killLeft() {
        int killed = 0;
        if (!Files.isDirectory(folder)) {
            return killed;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : files) {
                killed += kill(Files.readString(file).strip().split(" ", 2)) ? 1 : 0;
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("{}: {}", folder, e.toString());
        }
        return killed;
    }

    private static boolean kill(String[] words) {
        if (words.length < 2 || !words[0].matches("[0-9]{1,18}")) {
            return false;
        }
        long pid = Long.parseLong(words[0]);
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty() || !startOf(pid).equals(Optional.of(words[1]))) {
            return false;
        }
        log.warn("an earlier agent left map-server process {}: killed", pid);
        process.get().descendants().forEach(ProcessHandle::destroyForcibly);
        process.get().destroyForcibly();
        try {
            process.get().onExit().get(GONE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("process {} does not end", pid);
        }
        return true;
    }

    /** When that process started, in clock ticks since that boot: unlike a time of day it never shifts. */
    static Optional<String> startOf(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            if (Files.exists(stat)) {
                String text = Files.readString(stat);
                // The second word is the program's name, with whatever is in it.
                String[] words = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
                String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip();
                return Optional.of(boot + ":" + words[19]);
            }
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(Object::toString);
    }
}
