package io.p2phost.standalone.packager;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.jspecify.annotations.Nullable;

/** A {@code .tar.gz} whose bytes depend on its files' names and contents alone, not on who packs them, when or where. */
final class Tarball {
    private static final int PROGRAM = 0755;
    private static final int DATA = 0644;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final String top;
    private final Map<String, Entry> entries = new TreeMap<>();

    /** One of the two: a file to read, or what stands in it. */
    private record Entry(@Nullable Path file, ByteBuffer content, boolean program) {}

    /**
     * An archive without files.
     *
     * @param top the one folder that it unpacks to
     */
    Tarball(String top) {
        this.top = top;
    }

    void program(String name, Path file) {
        entries.put(name, new Entry(file, NOTHING, true));
    }

    void file(String name, Path file) {
        entries.put(name, new Entry(file, NOTHING, false));
    }

    void file(String name, byte[] content) {
        entries.put(name, new Entry(null, ByteBuffer.wrap(content), false));
    }

    /** All files below a folder; who may be run by its owner may be run by everybody. */
    void tree(String name, Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    String below = folder.relativize(path).toString().replace('\\', '/');
                    entries.put(name + "/" + below, new Entry(path, NOTHING, isProgram(path)));
                }
            }
        }
    }

    private static boolean isProgram(Path path) throws IOException {
        return !Files.isSymbolicLink(path)
                && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OWNER_EXECUTE);
    }

    /** Writes it; every entry has this time and belongs to root. */
    void write(Path archive, Instant time) throws IOException {
        // Neither a name nor a time stands in its header.
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(6);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive));
                GzipCompressorOutputStream packed = new GzipCompressorOutputStream(out, parameters);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(packed, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            Map<String, Boolean> folders = new TreeMap<>();
            for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                String name = top + "/" + entry.getKey();
                for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
                    String folder = name.substring(0, slash + 1);
                    if (folders.put(folder, true) == null) {
                        put(tar, new TarArchiveEntry(folder), PROGRAM, time);
                        tar.closeArchiveEntry();
                    }
                }
                write(tar, name, entry.getValue(), time);
            }
        }
    }

    private static void write(TarArchiveOutputStream tar, String name, Entry entry, Instant time) throws IOException {
        Path file = entry.file();
        if (file != null && Files.isSymbolicLink(file)) {
            TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            link.setLinkName(Files.readSymbolicLink(file).toString());
            put(tar, link, 0777, time);
        } else {
            TarArchiveEntry header = new TarArchiveEntry(name);
            header.setSize(file == null ? entry.content().capacity() : Files.size(file));
            put(tar, header, entry.program() ? PROGRAM : DATA, time);
            if (file == null) {
                tar.write(entry.content().array());
            } else {
                Files.copy(file, tar);
            }
        }
        tar.closeArchiveEntry();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry header, int mode, Instant time)
            throws IOException {
        header.setMode(mode);
        header.setModTime(Date.from(time));
        header.setIds(0, 0);
        header.setNames("root", "root");
        tar.putArchiveEntry(header);
    }
}
