package io.p2phost.standalone.packager;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarballTest {
    private static final Instant TIME = Instant.parse("2026-11-21T00:00:00Z");

    @TempDir
    Path folder;

    /** The same files, made in another order, at another time and under another mask. */
    private Path packed(String where, boolean other) throws IOException {
        Path tree = Files.createDirectories(folder.resolve(where + "/tree/sub"));
        List<String> names = other ? List.of("sub/b", "a") : List.of("a", "sub/b");
        for (String name : names) {
            Path file = Files.writeString(tree.getParent().resolve(name), name);
            Files.setPosixFilePermissions(
                    file,
                    PosixFilePermissions.fromString(
                            name.equals("a") ? other ? "rwxrwxr-x" : "rwx------" : other ? "rw-rw-rw-" : "rw-------"));
            Files.setLastModifiedTime(file, FileTime.fromMillis(other ? 1_000 : 2_000_000));
        }
        Files.createSymbolicLink(tree.resolve("link"), Path.of("../a"));
        Tarball tarball = new Tarball("top-1");
        if (other) {
            tarball.file("z", new byte[] {1});
        }
        tarball.tree("tree", tree.getParent());
        if (!other) {
            tarball.file("z", new byte[] {1});
        }
        Path archive = folder.resolve(where + ".tar.gz");
        tarball.write(archive, TIME);
        return archive;
    }

    @Test
    void sameFilesGiveTheSameBytes() throws IOException {
        assertThat(packed("one", false)).hasSameBinaryContentAs(packed("two", true));
    }

    @Test
    void entriesAreSortedAndSayNothingOfWhoPackedThem() throws IOException {
        List<String> seen = new ArrayList<>();
        try (InputStream in = Files.newInputStream(packed("one", false));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GzipCompressorInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                seen.add(entry.getName() + " " + Integer.toOctalString(entry.getMode() & 0777) + " "
                        + entry.getLinkName());
                assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(TIME);
                assertThat(entry.getLongUserId()).isZero();
                assertThat(entry.getLongGroupId()).isZero();
                assertThat(entry.getUserName()).isEqualTo("root");
            }
        }
        assertThat(seen)
                .containsExactly(
                        "top-1/ 755 ",
                        "top-1/tree/ 755 ",
                        "top-1/tree/a 755 ",
                        "top-1/tree/sub/ 755 ",
                        "top-1/tree/sub/b 644 ",
                        "top-1/tree/sub/link 777 ../a",
                        "top-1/z 644 ");
    }
}
