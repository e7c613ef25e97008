package io.p2phost.standalone.packager;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A jar of our own build without what it tells of who built it: Maven packs the modes that the builder's mask gave. */
final class PlainJar {
    private PlainJar() {}

    static byte[] of(Path jar, Instant time) throws IOException {
        LocalDateTime modified = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipFile zip = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(packed)) {
            List<? extends ZipEntry> entries =
                    zip.stream().sorted(Comparator.comparing(ZipEntry::getName)).toList();
            for (ZipEntry entry : entries) {
                ZipEntry plain = new ZipEntry(entry.getName());
                plain.setTimeLocal(modified);
                out.putNextEntry(plain);
                try (InputStream content = zip.getInputStream(entry)) {
                    content.transferTo(out);
                }
                out.closeEntry();
            }
        }
        return packed.toByteArray();
    }
}
