package io.p2phost.bundles;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An unpacked bundle. */
public final class BundleFolder {
    private BundleFolder() {}

    /** Reads the manifest of an unpacked bundle, without looking at its files. */
    public static Manifest manifest(Path folder) throws IOException {
        Path file = folder.resolve(Manifest.FILE_NAME);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new BundleException(file + ": missing, or no plain file");
        }
        Limits.atMost(file + ": size", Files.size(file), Limits.MANIFEST_BYTES);
        return Manifest.read(Files.readAllBytes(file));
    }

    /**
     * Checks every byte: the folder holds the manifest's files and nothing else, no links, and the executables can be
     * executed. A file too many is refused as well, because a map-server would read a conf file that lies where it looks.
     */
    public static void verify(Path folder, Manifest manifest) throws IOException {
        Map<String, BundleFile> expected = manifest.files().stream()
                .collect(Collectors.toMap(file -> file.path().value(), Function.identity()));
        Set<String> seen = new HashSet<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String path = folder.relativize(file).toString().replace('\\', '/');
                BundleFile wanted = expected.get(path);
                if (!attributes.isRegularFile()) {
                    throw new BundleException(path + ": a link or device (expected: a plain file)");
                }
                if (wanted != null) {
                    check(file, attributes.size(), wanted);
                    seen.add(path);
                } else if (!path.equals(Manifest.FILE_NAME)) {
                    throw new BundleException(path + ": not in the manifest");
                }
                return FileVisitResult.CONTINUE;
            }
        });
        manifest.files().stream()
                .filter(file -> !seen.contains(file.path().value()))
                .findFirst()
                .ifPresent(file -> {
                    throw new BundleException(file.path() + ": missing");
                });
    }

    private static void check(Path file, long size, BundleFile wanted) throws IOException {
        if (size != wanted.size()) {
            throw new BundleException(wanted.path() + ": " + size + " bytes (expected: " + wanted.size() + ")");
        }
        BundleFile found = Chunks.describe(wanted.path(), file, wanted.executable());
        if (!found.equals(wanted)) {
            throw new BundleException(wanted.path() + ": its content is not the released one");
        }
        if (wanted.executable() && !Files.isExecutable(file)) {
            throw new BundleException(wanted.path() + ": not executable");
        }
    }
}
