package io.p2phost.agent.cell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** What a cell said: in a file that starts over when it is long enough, the one before kept. Thread-safe. */
final class CellLog {
    static final long MAX_BYTES = 1024 * 1024;

    private final Path file;
    private long bytes;
    private boolean writable = true;
    private String lastFault = "";
    private String last = "";

    CellLog(Path file) {
        this.file = file;
        try {
            bytes = Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void line(String line) {
        if (line.isBlank()) {
            return;
        }
        last = line.strip();
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.contains("[fatal") || lower.contains("error")) {
            lastFault = last;
        }
        if (!writable) {
            return;
        }
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (bytes + text.length > MAX_BYTES) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                bytes = 0;
            }
            Files.write(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            bytes += text.length;
        } catch (IOException e) {
            // A full disk must not end the map: what it says is then lost.
            writable = false;
        }
    }

    /** Why it ended, as far as it said so. */
    synchronized String lastWords() {
        return lastFault.isEmpty() ? last : lastFault;
    }
}
