package io.p2phost.bundles;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.p2phost.contracts.MapName;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a bundle holds: every file of its folder but {@code manifest.json} itself, and which scripts each map needs.
 * A manifest that exists is consistent: its paths are distinct on every system, its server and scripts are files of it.
 *
 * @param server the map-server, one of the files, executable
 */
@JsonPropertyOrder({"format", "version", "packetVersion", "server", "maps", "files"})
public record Manifest(
        int format,
        BundleVersion version,
        int packetVersion,
        BundlePath server,
        SortedMap<MapName, MapScripts> maps,
        List<BundleFile> files) {
    public static final int FORMAT = 1;
    public static final String FILE_NAME = "manifest.json";

    private static final int OLDEST_PACKETS = 20_030_000;
    private static final int NEWEST_PACKETS = 21_000_000;

    public Manifest {
        if (format != FORMAT) {
            throw new BundleException("format: " + format + " (expected: " + FORMAT
                    + "; this bundle needs another version of the suite)");
        }
        if (packetVersion < OLDEST_PACKETS || packetVersion > NEWEST_PACKETS) {
            throw new BundleException("packetVersion: " + packetVersion + " (expected: a date such as 20200401)");
        }
        Limits.atMost("maps", maps.size(), Limits.MAPS);
        Limits.atMost("files", files.size(), Limits.FILES);
        maps = Collections.unmodifiableSortedMap(new TreeMap<>(maps));
        files = files.stream().sorted(Comparator.comparing(BundleFile::path)).toList();
        Limits.atMost("bytes", files.stream().mapToLong(BundleFile::size).sum(), Limits.TOTAL_BYTES);
        Map<BundlePath, BundleFile> known = distinct(files);
        checkServer(server, known);
        checkScripts(maps, known);
    }

    private static Map<BundlePath, BundleFile> distinct(List<BundleFile> files) {
        Map<BundlePath, BundleFile> known = new HashMap<>();
        Set<String> names = new HashSet<>(Set.of(FILE_NAME));
        Set<String> folders = new HashSet<>();
        for (BundleFile file : files) {
            String folded = file.path().folded();
            if (!names.add(folded)) {
                throw new BundleException("files: " + file.path() + " is there twice, or its name is taken");
            }
            for (int slash = folded.indexOf('/'); slash > 0; slash = folded.indexOf('/', slash + 1)) {
                folders.add(folded.substring(0, slash));
            }
            known.put(file.path(), file);
        }
        folders.stream().filter(names::contains).findFirst().ifPresent(both -> {
            throw new BundleException("files: " + both + " is a file and a folder");
        });
        return known;
    }

    private static void checkServer(BundlePath server, Map<BundlePath, BundleFile> known) {
        BundleFile file = known.get(server);
        if (file == null || !file.executable()) {
            throw new BundleException("server: " + server + " (expected: an executable file of the bundle)");
        }
    }

    private static void checkScripts(Map<MapName, MapScripts> maps, Map<BundlePath, BundleFile> known) {
        maps.forEach((map, scripts) -> {
            Limits.atMost("maps: " + map + ": scripts", scripts.scripts().size(), Limits.SCRIPTS_PER_MAP);
            if (!map.announceable()) {
                throw new BundleException("maps: " + map + " (expected: a name that a map-server can announce)");
            }
            if (new HashSet<>(scripts.scripts()).size() < scripts.scripts().size()) {
                throw new BundleException("maps: " + map + " names a script twice");
            }
            for (BundlePath script : scripts.scripts()) {
                if (!known.containsKey(script)) {
                    throw new BundleException("maps: " + map + ": " + script + " (expected: a file of the bundle)");
                }
            }
        });
    }

    /** Reads a manifest; whatever is missing, unknown, doubled or out of bounds is refused. */
    public static Manifest read(byte[] json) {
        return BundleJson.read(json, Limits.MANIFEST_BYTES, FILE_NAME, Manifest.class);
    }

    /** The one way to write this manifest: the same manifest gives the same bytes, on every machine. */
    public byte[] bytes() {
        return BundleJson.write(this);
    }

    /** The names of all chunks, each once. */
    public SortedSet<Sha256> chunks() {
        SortedSet<Sha256> chunks = new TreeSet<>();
        files.forEach(file -> chunks.addAll(file.chunks()));
        return chunks;
    }

    public long totalBytes() {
        return files.stream().mapToLong(BundleFile::size).sum();
    }

    public Optional<BundleFile> file(BundlePath path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }
}
