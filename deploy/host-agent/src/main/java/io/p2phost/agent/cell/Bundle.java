package io.p2phost.agent.cell;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.bundles.Limits;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * An unpacked bundle: a stock map-server and what the operator's maps need, as {@code manifest.json} in it says. It is
 * only ever read.
 *
 * @param directory absolute
 * @param server the map-server's file, relative
 * @param maps the scripts of each map, relative
 */
public record Bundle(
        Path directory, String version, String server, Map<MapName, List<String>> maps, List<Content> files) {
    static final String MANIFEST = "manifest.json";

    private static final int MAX_FILES = 20_000;
    private static final int MAX_MAPS = 2_000;
    /** Ends up in lines of conf files and in log lines. */
    private static final String PATH = "[A-Za-z0-9_.@#&+=~(),!' -]+(/[A-Za-z0-9_.@#&+=~(),!' -]+)*";

    private static final int BUFFER = 64 * 1024;

    /** One file as it must be. */
    record Content(String path, long size, String sha256) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Manifest(
            int format,
            @Nullable String version,
            @Nullable String server,
            @Nullable Map<String, MapEntry> maps,
            @Nullable List<FileEntry> files) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record MapEntry(@Nullable List<String> scripts) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record FileEntry(
            @Nullable String path, long size, @Nullable String sha256) {}

    public Bundle {
        maps = Map.copyOf(maps);
        files = List.copyOf(files);
    }

    /** Reads the manifest; the files are looked at by {@link #verify()}. */
    public static Bundle read(Path directory) {
        Path manifest = directory.resolve(MANIFEST);
        try {
            if (Files.size(manifest) > Limits.MANIFEST_BYTES) {
                throw bad(manifest, Files.size(manifest) + " bytes (expected: <= " + Limits.MANIFEST_BYTES + ")");
            }
            return parse(directory.toRealPath(), Json.mapper().readValue(Files.readString(manifest), Manifest.class));
        } catch (IOException | JacksonException e) {
            throw new AgentFailure(ExitCode.HOME, "bundle: " + manifest + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new AgentFailure(ExitCode.HOME, "bundle: " + manifest + ": " + e.getMessage(), e);
        }
    }

    private static Bundle parse(Path directory, Manifest manifest) {
        require(manifest.format() == 1, "format: " + manifest.format() + " (expected: 1)");
        List<FileEntry> entries = manifest.files() == null ? List.of() : manifest.files();
        require(entries.size() <= MAX_FILES, "files: " + entries.size() + " (expected: <= " + MAX_FILES + ")");
        List<Content> files = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (FileEntry entry : entries) {
            String path = path(entry.path());
            String hash = orEmpty(entry.sha256());
            require(
                    hash.matches("[0-9a-f]{64}") && entry.size() >= 0,
                    "files: " + path + " (expected: size and sha256)");
            require(paths.add(path), "files: " + path + " is named twice");
            files.add(new Content(path, entry.size(), hash));
        }
        String server = path(manifest.server());
        require(paths.contains(server), "server: " + server + " (expected: one of files)");
        Map<String, MapEntry> entriesOfMaps = manifest.maps() == null ? Map.of() : manifest.maps();
        require(entriesOfMaps.size() <= MAX_MAPS, "maps: " + entriesOfMaps.size() + " (expected: <= " + MAX_MAPS + ")");
        Map<MapName, List<String>> maps = new TreeMap<>();
        entriesOfMaps.forEach((map, entry) -> {
            List<String> scripts = entry == null || entry.scripts() == null ? List.of() : entry.scripts();
            scripts.forEach(script -> require(
                    paths.contains(path(script)), "maps: " + map + ": " + script + " (expected: one of files)"));
            maps.put(MapName.of(map), List.copyOf(scripts));
        });
        String version = orEmpty(manifest.version());
        require(
                version.matches("[A-Za-z0-9._-]{1,64}"),
                "version: " + version + " (expected: letters, digits, '.', '_', '-')");
        return new Bundle(directory, version, server, maps, files);
    }

    private static String path(@Nullable String named) {
        String path = orEmpty(named);
        boolean good = path.length() <= 240 && path.matches(PATH);
        for (String part : path.split("/", -1)) {
            good &= !part.equals("..") && !part.equals(".");
        }
        require(good, "path: " + path + " (expected: relative, '/', without '..')");
        return path;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static void require(boolean good, String fault) {
        if (!good) {
            throw new IllegalArgumentException(fault);
        }
    }

    private static AgentFailure bad(Path manifest, String fault) {
        return new AgentFailure(ExitCode.HOME, "bundle: " + manifest + ": " + fault);
    }

    Path serverFile() {
        return directory.resolve(server);
    }

    /**
     * Compares every file with the manifest.
     *
     * @throws IOException naming the first that differs
     */
    public void verify() throws IOException {
        for (Content content : files) {
            Path file = directory.resolve(content.path());
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("bundle " + version + ": " + content.path() + " is missing");
            }
            if (Files.size(file) != content.size() || !sha256(file).equals(content.sha256())) {
                throw new IOException("bundle " + version + ": " + content.path() + " is not what was published");
            }
        }
        if (!Files.isExecutable(serverFile())) {
            throw new IOException("bundle " + version + ": " + server + " cannot be executed");
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                while (in.read(buffer) >= 0) {
                    // The digest sees it.
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
