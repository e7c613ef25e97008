package io.p2phost.assignment.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The files of the first start: the operator's folder, and the packaged copies for what is not in it. */
public final class FirstFiles {
    private static final long MAX_BYTES = 256 * 1024;

    private FirstFiles() {}

    /** The packaged copies alone. */
    public static Map<String, String> packaged() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (ConfFile file : ConfFile.values()) {
            String resource = "/p2p-config/" + file.fileName();
            try (InputStream in = FirstFiles.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException(resource + ": not packaged");
                }
                texts.put(file.fileName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return texts;
    }

    /**
     * The folder's {@code *.conf} and {@code DATA.INI}, completed by the packaged copies.
     *
     * @throws IllegalArgumentException when it is no folder or a file in it is too large
     */
    public static Map<String, String> from(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("p2p.assignment.config-dir: " + folder + " (expected: a folder)");
        }
        Map<String, String> texts = packaged();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (Files.isRegularFile(file) && (name.endsWith(".conf") || name.equals("DATA.INI"))) {
                    if (Files.size(file) > MAX_BYTES) {
                        throw new IllegalArgumentException(
                                file + ": " + Files.size(file) + " bytes (expected: at most " + MAX_BYTES + ")");
                    }
                    texts.put(name, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }
}
