package io.p2phost.assignment.catalogue;

import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The maps an rAthena tree knows: {@code db/map_index.txt} and {@code db/import/map_index.txt} (mapindex.cpp). */
public record MapIndex(Set<MapName> maps) {
    private static final List<String> FILES = List.of("db/map_index.txt", "db/import/map_index.txt");
    private static final long MAX_BYTES = 1024 * 1024;

    public MapIndex {
        maps = Set.copyOf(maps);
    }

    /**
     * Reads the tree.
     *
     * @throws IllegalArgumentException when the tree has no index
     */
    public static MapIndex read(Path rathenaHome) {
        Path main = rathenaHome.resolve(FILES.getFirst());
        if (!Files.isRegularFile(main)) {
            throw new IllegalArgumentException("p2p.assignment.rathena-home: " + rathenaHome
                    + " (expected: a folder that holds " + FILES.getFirst() + ")");
        }
        Set<MapName> maps = new TreeSet<>();
        for (String file : FILES) {
            Path path = rathenaHome.resolve(file);
            if (Files.isRegularFile(path)) {
                text(path).lines().forEach(line -> name(line).ifPresent(maps::add));
            }
        }
        return new MapIndex(maps);
    }

    private static String text(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        path + ": " + Files.size(path) + " bytes (expected: at most " + MAX_BYTES + ")");
            }
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line is {@code name}, or {@code name<blank>number}; what rAthena could not read either is passed over. */
    static Optional<MapName> name(String line) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("//")) {
            return Optional.empty();
        }
        String word = text.split("\\s", 2)[0];
        try {
            return Optional.of(MapName.of(word));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
