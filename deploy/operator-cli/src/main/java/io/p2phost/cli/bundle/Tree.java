package io.p2phost.cli.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder in which rAthena was built: its files by their path as its own conf files name them. */
public final class Tree {
    /** No script or conf file of rAthena has a tenth of this; a database file may. */
    private static final long MAX_TEXT_BYTES = 16L * 1024 * 1024;

    private static final int MAX_FILES = 100_000;

    private final Path root;

    public Tree(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    public Path root() {
        return root;
    }

    /**
     * A file's text, or nothing if there is none. Every byte is one character, because scripts come in the encoding of
     * their authors, and all that is looked for is ASCII.
     */
    Optional<String> text(String path) {
        Path file = root.resolve(path).normalize();
        try {
            if (!file.startsWith(root) || !Files.isRegularFile(file) || Files.size(file) > MAX_TEXT_BYTES) {
                return Optional.empty();
            }
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        }
    }

    /** The plain files below a folder, sorted; none if the folder is missing. */
    List<String> below(String folder) {
        Path start = root.resolve(folder);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(start, 8)) {
            return files.filter(Files::isRegularFile)
                    .limit(MAX_FILES)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be read", e);
        }
    }

    /** A path as rAthena's files write it, without {@code ./} in front. */
    static String plain(String path) {
        String plain = path.replace('\\', '/');
        while (plain.startsWith("./")) {
            plain = plain.substring(2);
        }
        return plain;
    }

    /** Lines of a conf file: what stands before {@code :} and after it, without comments. */
    static List<Setting> settings(String text) {
        List<Setting> settings = new ArrayList<>();
        int number = 0;
        boolean comment = false;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (comment || line.startsWith("/*")) {
                comment = !line.contains("*/");
                continue;
            }
            int colon = line.indexOf(':');
            if (line.startsWith("//") || line.startsWith("#") || colon <= 0) {
                continue;
            }
            String value = line.substring(colon + 1).strip();
            int end = value.indexOf(" //") < 0 ? value.indexOf("\t//") : value.indexOf(" //");
            settings.add(new Setting(
                    line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    (end < 0 ? value : value.substring(0, end)).strip(),
                    number));
        }
        return settings;
    }

    /** One line of a conf file. */
    record Setting(String name, String value, int line) {}
}
