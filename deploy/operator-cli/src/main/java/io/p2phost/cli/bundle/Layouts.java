package io.p2phost.cli.bundle;

import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.layout.StructLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether a tree's map-server and the char-server are one build: a host's map-server saves characters as plain memory,
 * and the char-server stores what it gets.
 */
public final class Layouts {
    private Layouts() {}

    /** A layout by the name of one that comes with the suite, or a file's. */
    public static BuildLayout named(String nameOrFile) {
        try {
            Path file = Path.of(nameOrFile);
            return Files.isRegularFile(file) ? BuildLayout.read(file) : BuildLayout.shipped(nameOrFile);
        } catch (IOException e) {
            throw new UncheckedIOException(nameOrFile + " cannot be read", e);
        }
    }

    /** The first difference, in words. */
    public static Optional<String> difference(BuildLayout tree, BuildLayout suite) {
        if (tree.packetver() != suite.packetver()) {
            return Optional.of("packet version " + tree.packetver() + " (expected: " + suite.packetver() + ", as "
                    + suite.name() + ")");
        }
        for (Map.Entry<String, StructLayout> entry : new TreeMap<>(suite.structs()).entrySet()) {
            StructLayout wanted = entry.getValue();
            StructLayout found = tree.structs().get(entry.getKey());
            if (found == null || !found.equals(wanted)) {
                return Optional.of(entry.getKey() + ": "
                        + (found == null ? "missing" : found.size() + " bytes, or other fields") + " (expected: "
                        + wanted.size() + " bytes, as " + suite.name() + ")");
            }
        }
        return Optional.empty();
    }
}
