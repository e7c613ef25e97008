package io.p2phost.cli.bundle;

import io.p2phost.bundles.BundleException;
import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundleFolder;
import io.p2phost.bundles.BundlePath;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.MapScripts;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Collects a bundle from a tree into a folder of its own. */
public final class BundleBuild {
    private static final BundlePath SERVER = new BundlePath("map-server");
    private static final String LICENCE = "LICENSE";
    private static final String SOURCE = "SOURCE.txt";

    private final Tree tree;
    private final Plan plan;
    private final Path folder;
    private final List<BundleFile> files = new ArrayList<>();

    /**
     * What shall be in it.
     *
     * @param libraries shared library files that a host may lack; they lie under {@code lib/}
     * @param sourceOffer a sentence for {@code SOURCE.txt}
     * @param sourceArchives the source itself, if it shall come along; lies under {@code source/}
     */
    public record Plan(
            BundleVersion version,
            int packetVersion,
            Mode mode,
            SortedMap<String, List<String>> scriptsByMap,
            List<Path> libraries,
            String sourceOffer,
            List<Path> sourceArchives) {
        public Plan {
            scriptsByMap = new TreeMap<>(scriptsByMap);
            libraries = List.copyOf(libraries);
            sourceArchives = List.copyOf(sourceArchives);
        }
    }

    private BundleBuild(Tree tree, Plan plan, Path folder) {
        this.tree = tree;
        this.plan = plan;
        this.folder = folder;
    }

    /** Writes the bundle; {@code target} appears when it is whole and was checked, or not at all. */
    public static Manifest into(Path target, Tree tree, Plan plan) throws IOException {
        if (Files.exists(target)) {
            throw new BundleException(target + ": exists already (expected: a new folder)");
        }
        Path parent = target.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path folder = Files.createTempDirectory(parent, target.getFileName() + ".");
        try {
            Manifest manifest = new BundleBuild(tree, plan, folder).build();
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
            return manifest;
        } catch (IOException | RuntimeException e) {
            remove(folder);
            throw e;
        }
    }

    private Manifest build() throws IOException {
        copy(SERVER.value(), SERVER.value(), true);
        copy(LICENCE, LICENCE, false);
        write(SOURCE, (plan.sourceOffer() + "\n").getBytes(StandardCharsets.UTF_8), false);
        for (Path archive : plan.sourceArchives()) {
            write("source/" + archive.getFileName(), Files.readAllBytes(archive), false);
        }
        for (Path library : plan.libraries()) {
            write("lib/" + library.getFileName(), Files.readAllBytes(library), false);
        }
        Shipping shipping = Shipping.of(tree, plan.mode());
        for (String conf : shipping.confs()) {
            copy(conf, conf, false);
        }
        write(PlaySettings.BATTLE, PlaySettings.battle(tree));
        write(PlaySettings.INTER, PlaySettings.inter(tree));
        for (String database : shipping.databases()) {
            if (database.endsWith("/map_cache.dat")) {
                byte[] cache = Files.readAllBytes(tree.root().resolve(database));
                write(database, MapCache.reduced(cache, plan.scriptsByMap().keySet()), false);
            } else {
                copy(database, database, false);
            }
        }
        Set<String> scripts = new LinkedHashSet<>();
        plan.scriptsByMap().values().forEach(scripts::addAll);
        for (String script : scripts) {
            copy(script, script, false);
        }
        Manifest manifest = manifest();
        Files.write(folder.resolve(Manifest.FILE_NAME), manifest.bytes());
        BundleFolder.verify(folder, manifest);
        return manifest;
    }

    private Manifest manifest() {
        SortedMap<MapName, MapScripts> maps = new TreeMap<>();
        plan.scriptsByMap()
                .forEach((map, scripts) -> maps.put(
                        MapName.of(map),
                        new MapScripts(scripts.stream().map(BundlePath::new).toList())));
        return new Manifest(Manifest.FORMAT, plan.version(), plan.packetVersion(), SERVER, maps, files);
    }

    private void write(String to, PlaySettings settings) throws IOException {
        if (!settings.lines().isEmpty()) {
            write(to, settings.text().getBytes(StandardCharsets.ISO_8859_1), false);
        }
    }

    private void copy(String from, String to, boolean executable) throws IOException {
        Path file = tree.root().resolve(from);
        if (!Files.isRegularFile(file)) {
            throw new BundleException(file + ": missing");
        }
        write(to, Files.readAllBytes(file), executable);
    }

    private void write(String to, byte[] bytes, boolean executable) throws IOException {
        BundlePath path = new BundlePath(to);
        Path file = path.in(folder);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        if (executable && !file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
        files.add(Chunks.describe(path, file, executable));
    }

    private static void remove(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
