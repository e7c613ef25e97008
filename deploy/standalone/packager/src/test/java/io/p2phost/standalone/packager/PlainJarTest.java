package io.p2phost.standalone.packager;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainJarTest {
    private static final Instant TIME = Instant.parse("2026-11-21T00:00:00Z");

    @TempDir
    Path folder;

    private Path jar(String name, int mode, long time, List<String> entries) throws IOException {
        Path jar = folder.resolve(name);
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(jar)) {
            for (String each : entries) {
                ZipArchiveEntry entry = new ZipArchiveEntry(each);
                entry.setUnixMode(mode);
                entry.setTime(time);
                zip.putArchiveEntry(entry);
                zip.write(each.getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        return jar;
    }

    @Test
    void whoBuiltItDoesNotShow() throws IOException {
        Path one = jar("one.jar", 0100600, 1_000_000_000_000L, List.of("META-INF/MANIFEST.MF", "a/B.class"));
        Path other = jar("other.jar", 0100664, 1_700_000_000_000L, List.of("a/B.class", "META-INF/MANIFEST.MF"));
        assertThat(PlainJar.of(one, TIME)).isEqualTo(PlainJar.of(other, TIME));
    }

    @Test
    void contentsStayAsTheyAre() throws IOException {
        Path plain = folder.resolve("plain.jar");
        Files.write(plain, PlainJar.of(jar("one.jar", 0100644, 0, List.of("a/B.class", "c")), TIME));
        try (ZipFile zip = new ZipFile(plain.toFile())) {
            assertThat(zip.stream().map(entry -> entry.getName())).containsExactly("a/B.class", "c");
            assertThat(zip.getInputStream(zip.getEntry("c"))).hasContent("c");
        }
    }
}
