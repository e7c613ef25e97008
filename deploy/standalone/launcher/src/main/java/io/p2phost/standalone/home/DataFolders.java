package io.p2phost.standalone.home;

import io.p2phost.standalone.Refusal;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/** Recognises a data folder that cannot be used, before anything starts on it. */
public final class DataFolders {
    /** Major version of the PostgreSQL that the suite brings. */
    public static final String POSTGRESQL_VERSION = "18";

    private DataFolders() {}

    public static void check(Home home) throws Refusal {
        try {
            checkPostgresql(home.postgresql());
            checkKafka(home.kafka());
        } catch (IOException e) {
            throw new Refusal("Cannot read the data under " + home.root() + ": " + e.getMessage() + ".", e);
        }
    }

    private static void checkPostgresql(Path data) throws IOException, Refusal {
        if (!hasContent(data)) {
            return;
        }
        Path file = data.resolve("PG_VERSION");
        if (!Files.isRegularFile(file)) {
            throw corrupt(data, "it has no PG_VERSION");
        }
        String version = Files.readString(file).strip();
        if (!version.equals(POSTGRESQL_VERSION)) {
            throw corrupt(data, "PG_VERSION: " + shortened(version) + " (expected: " + POSTGRESQL_VERSION + ")");
        }
        if (!Files.isRegularFile(data.resolve("global").resolve("pg_control"))) {
            throw corrupt(data, "it has no global/pg_control");
        }
    }

    private static void checkKafka(Path data) throws IOException, Refusal {
        if (!hasContent(data)) {
            return;
        }
        Path file = data.resolve("meta.properties");
        if (!Files.isRegularFile(file)) {
            throw corrupt(data, "it has no meta.properties");
        }
        Properties meta = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            meta.load(in);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw corrupt(data, "meta.properties cannot be read");
        }
        for (String key : new String[] {"cluster.id", "node.id", "version"}) {
            if (meta.getProperty(key, "").isBlank()) {
                throw corrupt(data, "meta.properties: " + key + " is missing");
            }
        }
    }

    private static boolean hasContent(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isPresent();
        }
    }

    private static String shortened(String text) {
        return text.length() <= 20 ? text : text.substring(0, 20) + "…";
    }

    private static Refusal corrupt(Path data, String why) {
        return new Refusal("The data folder " + data + " is damaged: " + why
                + ". Restore it from a backup, or start anew with ./p2p up --fresh (this deletes all state).");
    }
}
