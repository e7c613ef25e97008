package io.p2phost.security.reference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads an rAthena tree: {@code db/{mob,item,skill}_db.yml} with their {@code Footer: Imports:}, and the spawn scripts.
 * Where two entries have the same id the later one wins field by field, as rAthena does it; drop tables are united,
 * which can only excuse a host, never accuse one.
 */
public final class ReferenceFiles {
    private static final int MAX_IMPORT_DEPTH = 8;
    private static final int MAX_FILES = 2_000;
    private static final long MAX_FILE_BYTES = 32L * 1024 * 1024;
    private static final int MAX_ENTRIES = 200_000;
    private static final int MAX_DIRECTORY_DEPTH = 8;

    private final Path root;
    private final Mode mode;
    private final ObjectMapper yaml = new YAMLMapper(YAMLFactory.builder()
            .loadSettings(LoadSettings.builder()
                    .setCodePointLimit((int) MAX_FILE_BYTES)
                    .build())
            .build());

    /** Which of rAthena's two rule sets the server runs. */
    public enum Mode {
        PRE_RENEWAL("Prerenewal", "npc/pre-re/mobs"),
        RENEWAL("Renewal", "npc/re/mobs");

        private final String importMode;
        private final String spawnFolder;

        Mode(String importMode, String spawnFolder) {
            this.importMode = importMode;
            this.spawnFolder = spawnFolder;
        }

        /** Reads {@code pre-re} or {@code re}, as rAthena names its folders. */
        public static Mode of(String text) {
            return switch (text) {
                case "pre-re" -> PRE_RENEWAL;
                case "re" -> RENEWAL;
                default -> throw new IllegalArgumentException("mode: " + text + " (expected: pre-re or re)");
            };
        }
    }

    public ReferenceFiles(Path root, Mode mode) {
        this.root = root.toAbsolutePath().normalize();
        this.mode = mode;
        if (!Files.isDirectory(this.root)) {
            throw new ReferenceException("reference-dir: " + root + " (expected: a folder in rAthena's layout)");
        }
    }

    /**
     * Reads everything.
     *
     * @throws ReferenceException when a file cannot be read or understood
     */
    public Reference load() {
        Reading reading = new Reading();
        reading.importAll("db/item_db.yml", this::item);
        reading.importAll("db/skill_db.yml", this::skill);
        reading.importAll("db/mob_db.yml", this::monster);
        SpawnLines spawns = new SpawnLines();
        for (Path file : spawnFiles()) {
            spawns.read(relative(file), reading.text(file));
        }
        return new Reference(
                reading.version(), reading.monsters(), Map.copyOf(reading.itemNames), reading.skills, spawns.all());
    }

    /** Changes whenever a file that was or would be read changes: names, times and sizes, not contents. */
    public String fingerprint() {
        StringBuilder text = new StringBuilder();
        try {
            List<Path> files = new ArrayList<>(spawnFiles());
            Path db = root.resolve("db");
            if (Files.isDirectory(db)) {
                files.addAll(list(db, ".yml"));
            }
            for (Path file : files) {
                text.append(file)
                        .append('|')
                        .append(Files.getLastModifiedTime(file).toMillis())
                        .append('|')
                        .append(Files.size(file))
                        .append('\n');
            }
        } catch (IOException e) {
            throw new ReferenceException("reference-dir: " + root + " cannot be listed: " + e.getMessage(), e);
        }
        return HexFormat.of().formatHex(sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private List<Path> spawnFiles() {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of(mode.spawnFolder, "npc/mobs")) {
            Path path = root.resolve(folder);
            if (Files.isDirectory(path)) {
                files.addAll(list(path, ".txt"));
            }
        }
        return files;
    }

    private List<Path> list(Path folder, String suffix) {
        try (Stream<Path> found = Files.walk(folder, MAX_DIRECTORY_DEPTH)) {
            List<Path> files = found.filter(f -> f.toString().endsWith(suffix) && Files.isRegularFile(f))
                    .sorted()
                    .limit(MAX_FILES + 1L)
                    .toList();
            if (files.size() > MAX_FILES) {
                throw new ReferenceException(relative(folder) + ": more than " + MAX_FILES + " files (expected: less)");
            }
            return files;
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new ReferenceException(relative(folder) + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    private String relative(Path file) {
        return root.relativize(file).toString();
    }

    private void item(Reading reading, Entry entry) {
        int id = entry.id();
        String name = entry.text("AegisName", reading.itemNames.get(id));
        reading.itemNames.put(id, name);
        reading.itemIds.put(name.toLowerCase(Locale.ROOT), id);
    }

    private void skill(Reading reading, Entry entry) {
        int id = entry.id();
        reading.skills.put(id, (int) entry.number("MaxLevel", reading.skills.getOrDefault(id, 1)));
    }

    private void monster(Reading reading, Entry entry) {
        MonsterEntry mob = reading.mobs.computeIfAbsent(entry.id(), MonsterEntry::new);
        mob.aegisName = entry.text("AegisName", mob.aegisName);
        mob.level = entry.number("Level", mob.level);
        mob.hp = entry.number("Hp", mob.hp);
        mob.baseExp = entry.number("BaseExp", mob.baseExp);
        mob.jobExp = entry.number("JobExp", mob.jobExp);
        mob.mvp = entry.node.path("Modes").path("Mvp").asBoolean(mob.mvp);
        Map<String, Integer> own = new HashMap<>();
        for (String table : List.of("Drops", "MvpDrops")) {
            for (JsonNode drop : entry.node.path(table)) {
                String item = drop.path("Item").asString("");
                if (item.isEmpty()) {
                    throw entry.fault(table, drop.toString(), "an entry with Item: AegisName");
                }
                own.merge(item, 1, Integer::sum);
            }
        }
        own.forEach((item, entries) -> mob.drops.merge(item, entries, Math::max));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    private interface EntryReader {
        void read(Reading reading, Entry entry);
    }

    /** One entry of a Body with where it stands. */
    private record Entry(String place, JsonNode node) {
        int id() {
            long id = number("Id", -1);
            if (id < 1 || id > Integer.MAX_VALUE) {
                throw fault("Id", node.path("Id").asString(""), "a number from 1");
            }
            return (int) id;
        }

        long number(String key, long otherwise) {
            JsonNode value = node.path(key);
            if (value.isMissingNode()) {
                return otherwise;
            }
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
                throw fault(key, value.asString(""), "a whole number from 0");
            }
            return value.asLong();
        }

        String text(String key, @Nullable String otherwise) {
            String value = node.path(key).asString("");
            if (!value.isEmpty()) {
                return value;
            }
            if (otherwise == null) {
                throw fault(key, value, "a name");
            }
            return otherwise;
        }

        ReferenceException fault(String key, String value, String expected) {
            return new ReferenceException(place + ": " + key + ": \"" + value + "\" (expected: " + expected + ")");
        }
    }

    private static final class MonsterEntry {
        private final int id;
        private @Nullable String aegisName;
        // rAthena's own defaults for absent fields.
        private long level = 1;
        private long hp = 1;
        private long baseExp;
        private long jobExp;
        private boolean mvp;
        private final Map<String, Integer> drops = new HashMap<>();

        MonsterEntry(int id) {
            this.id = id;
        }
    }

    /** State of one load. */
    private final class Reading {
        private final MessageDigest contents = sha256();
        private final Map<Integer, String> itemNames = new HashMap<>();
        private final Map<String, Integer> itemIds = new HashMap<>();
        private final Map<Integer, Integer> skills = new HashMap<>();
        private final Map<Integer, MonsterEntry> mobs = new TreeMap<>();
        private final Set<Path> seen = new HashSet<>();
        private int entries;

        void importAll(String start, EntryReader reader) {
            importFile(start, reader, 0);
        }

        private void importFile(String name, EntryReader reader, int depth) {
            Path file = root.resolve(name).normalize();
            if (!file.startsWith(root)) {
                throw new ReferenceException(name + ": (expected: a path inside the reference folder)");
            }
            // rAthena, too, goes on without an import that is not there.
            if (!Files.isRegularFile(file) || !seen.add(file)) {
                return;
            }
            if (depth > MAX_IMPORT_DEPTH || seen.size() > MAX_FILES) {
                throw new ReferenceException(
                        name + ": imports nested too deep (expected: at most " + MAX_IMPORT_DEPTH + ")");
            }
            for (String imported : body(name, text(file), reader)) {
                importFile(imported, reader, depth + 1);
            }
        }

        /** Streams the body entry by entry, because the item files are many megabytes; returns the imports. */
        private List<String> body(String name, String text, EntryReader reader) {
            List<String> imports = new ArrayList<>();
            try (JsonParser parser = yaml.createParser(text)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new ReferenceException(name + ":1: (expected: Header, Body or Footer)");
                }
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String section = parser.currentName();
                    JsonToken value = parser.nextToken();
                    if (section.equals("Body") && value == JsonToken.START_ARRAY) {
                        while (parser.nextToken() == JsonToken.START_OBJECT) {
                            String place =
                                    name + ":" + parser.currentTokenLocation().getLineNr();
                            if (++entries > MAX_ENTRIES) {
                                throw new ReferenceException(
                                        place + ": (expected: at most " + MAX_ENTRIES + " entries)");
                            }
                            JsonNode node = parser.readValueAsTree();
                            reader.read(this, new Entry(place, node));
                        }
                    } else if (section.equals("Footer") && value == JsonToken.START_OBJECT) {
                        JsonNode footer = parser.readValueAsTree();
                        imports.addAll(importsOf(footer));
                    } else {
                        parser.skipChildren();
                    }
                }
            } catch (JacksonException e) {
                throw new ReferenceException(
                        name + ":" + e.getLocation().getLineNr() + ": " + e.getOriginalMessage() + " (expected: YAML)",
                        e);
            }
            return imports;
        }

        private List<String> importsOf(JsonNode footer) {
            List<String> paths = new ArrayList<>();
            for (JsonNode entry : footer.path("Imports")) {
                String only = entry.path("Mode").asString("");
                if (only.isEmpty() || only.equalsIgnoreCase(mode.importMode)) {
                    paths.add(entry.path("Path").asString(""));
                }
            }
            return paths;
        }

        String text(Path file) {
            try {
                if (Files.size(file) > MAX_FILE_BYTES) {
                    throw new ReferenceException(
                            relative(file) + ": too long (expected: at most " + MAX_FILE_BYTES + " bytes)");
                }
                byte[] bytes = Files.readAllBytes(file);
                contents.update(relative(file).getBytes(StandardCharsets.UTF_8));
                contents.update(bytes);
                return new String(bytes, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new ReferenceException(relative(file) + ": cannot be read: " + e.getMessage(), e);
            }
        }

        Map<Integer, Monster> monsters() {
            Map<Integer, Monster> all = new HashMap<>();
            mobs.forEach((id, mob) -> all.put(id, monster(mob)));
            return all;
        }

        private Monster monster(MonsterEntry mob) {
            Map<Integer, Integer> drops = new HashMap<>();
            Set<String> unresolved = new HashSet<>();
            mob.drops.forEach((item, count) -> {
                Integer id = itemIds.get(item.toLowerCase(Locale.ROOT));
                if (id == null) {
                    unresolved.add(item);
                } else {
                    drops.merge(id, count, Integer::sum);
                }
            });
            String name = mob.aegisName == null ? "MOB_" + mob.id : mob.aegisName;
            int level = (int) Math.min(mob.level, Integer.MAX_VALUE);
            return new Monster(mob.id, name, level, mob.hp, mob.baseExp, mob.jobExp, mob.mvp, drops, unresolved);
        }

        String version() {
            return HexFormat.of().formatHex(contents.digest()).substring(0, 16);
        }
    }
}
