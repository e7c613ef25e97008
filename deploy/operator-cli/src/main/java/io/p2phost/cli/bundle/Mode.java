package io.p2phost.cli.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** rAthena's two games; the map-server was built for one of them. */
public enum Mode {
    RENEWAL("re", "Renewal"),
    PRE_RENEWAL("pre-re", "Prerenewal");

    private final String folder;
    private final String word;

    Mode(String folder, String word) {
        this.folder = folder;
        this.word = word;
    }

    /** Below {@code npc/} and {@code db/}. */
    String folder() {
        return folder;
    }

    /** As the database files' {@code Mode:} says it. */
    String word() {
        return word;
    }

    /** The name of the list that is compiled into the server. */
    public static Optional<Mode> of(Path mapServer) {
        if (!Files.isRegularFile(mapServer)) {
            return Optional.empty();
        }
        try {
            String program = Files.readString(mapServer, StandardCharsets.ISO_8859_1);
            for (Mode mode : values()) {
                if (program.contains("npc/" + mode.folder + "/scripts_main.conf")) {
                    return Optional.of(mode);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(mapServer + " cannot be read", e);
        }
    }
}
