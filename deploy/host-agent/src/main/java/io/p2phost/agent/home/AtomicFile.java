package io.p2phost.agent.home;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writing a small file so that a reader, or a restart after a power cut, sees the old text or the new one, never half. */
public final class AtomicFile {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private AtomicFile() {}

    /** Replaces the file's text, on the disk when this returns; only its owner may read it. */
    public static void write(Path file, String text) throws IOException {
        write(file, text, true);
    }

    /** Replaces the file's text without waiting for the disk: for what is worth nothing after a power cut. */
    public static void writeVolatile(Path file, String text) throws IOException {
        write(file, text, false);
    }

    private static void write(Path file, String text, boolean durable) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(directory, "." + file.getFileName() + ".", ".new");
        try {
            ownerOnly(temporary, "rw-------");
            // A stream, not a channel: a channel closes itself when its thread is interrupted, and half a write is
            // lost.
            try (FileOutputStream stream = new FileOutputStream(temporary.toFile())) {
                stream.write(text.getBytes(StandardCharsets.UTF_8));
                if (durable) {
                    stream.getFD().sync();
                }
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Sets POSIX permissions where the file system knows them; elsewhere the user profile's own rules protect the file. */
    static void ownerOnly(Path path, String permissions) throws IOException {
        if (POSIX) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    static boolean posix() {
        return POSIX;
    }
}
