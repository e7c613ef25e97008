package io.p2phost.standalone.part;

import io.p2phost.standalone.home.Faults;
import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.home.PidFile;
import io.p2phost.standalone.home.Signals;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process of the suite: in a session of its own, so that Ctrl-C reaches the launcher alone and the order of stopping
 * is kept; its output in its log; its number and start time in a pid file, so that it is found if the launcher dies.
 */
final class ChildProcess {
    private static final long ROTATE_BYTES = 10L << 20;
    private static final int TAIL_BYTES = 64 << 10;

    private final String name;
    private final Home home;
    private final Path output;
    private volatile @Nullable Process process;
    private volatile long markedAt;

    ChildProcess(String name, Home home) {
        this.name = name;
        this.home = home;
        this.output = home.log(name);
    }

    void start(List<String> command, Path workingDirectory) throws PartFailure {
        try {
            mark();
            List<String> line = new ArrayList<>();
            findOnPath("setsid").ifPresent(setsid -> line.add(setsid.toString()));
            line.addAll(command);
            Process started = new ProcessBuilder(line)
                    .directory(workingDirectory.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            process = started;
            PidFile.write(home.pidFile(name), started.toHandle());
        } catch (IOException e) {
            stop(Duration.ZERO);
            throw new PartFailure(name + " cannot be started: " + Faults.rootMessage(e), e);
        }
    }

    boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    long pid() {
        Process current = process;
        return current != null && current.isAlive() ? current.pid() : 0;
    }

    /** How it ended, or empty while it runs. */
    Optional<String> death() {
        Process current = process;
        if (current == null) {
            return Optional.of("not started");
        }
        if (current.isAlive()) {
            return Optional.empty();
        }
        int status = current.exitValue();
        return Optional.of(status > 128 ? "killed by signal " + (status - 128) : "ended with status " + status);
    }

    void stop(Duration patience) {
        Process current = process;
        if (current != null && current.isAlive()) {
            Signals.stop(current.toHandle(), patience);
        }
        forget();
    }

    void stopAsPostgresql() {
        Process current = process;
        if (current != null && current.isAlive()) {
            Signals.stopPostgresql(current.toHandle());
        }
        forget();
    }

    /** Makes the log ready for a new start: old when it is large, and remembered where the new lines begin. */
    void mark() throws IOException {
        if (Files.exists(output) && Files.size(output) > ROTATE_BYTES) {
            Files.move(output, output.resolveSibling(output.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        markedAt = Files.exists(output) ? Files.size(output) : 0;
    }

    /** The end of what it logged since the mark: where to look for why it died. */
    List<String> lastLines() {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            long from = Math.max(Math.min(markedAt, file.length()), file.length() - TAIL_BYTES);
            file.seek(from);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private void forget() {
        try {
            Files.deleteIfExists(home.pidFile(name));
        } catch (IOException e) {
            // A stale pid file is harmless: its start time fits no living process.
        }
    }

    /** The program's path, or empty when the machine does not have it (macOS has no setsid). */
    static Optional<Path> findOnPath(String program) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "/usr/bin:/bin" : path).split(":")) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
