package io.p2phost.demo;

import io.p2phost.bundles.BundleFile;
import io.p2phost.bundles.BundlePath;
import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Chunks;
import io.p2phost.bundles.Manifest;
import io.p2phost.bundles.MapScripts;
import io.p2phost.contracts.MapName;
import io.p2phost.ro.inter.InterLengths;
import io.p2phost.ro.sim.SimWorld;
import io.p2phost.ro.sim.stock.StockMapServerMain;
import io.p2phost.ro.sim.stock.StockWorld;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A bundle whose map-server is simulated, see {@link StockMapServerMain}: everything of a host is real but the game. What a
 * cell of it shall do wrong is the first of: the line in {@code log/stand-in} of its folder, which stays over its starts,
 * and that in the bundle's {@code conf/stand-in.conf}. {@code crash} ends at once; the rest that program knows.
 */
public final class StandInBundle {
    private static final BundlePath SERVER = new BundlePath("map-server");
    private static final int PACKET_VERSION = 20_200_401;

    /** In a cell's folder. */
    public static final String MISDEEDS = "log/stand-in";

    /** Sandboxed cells see no other Java. */
    private static final Path SHARED = Path.of("/usr");

    private StandInBundle() {}

    /**
     * Writes it into a new folder.
     *
     * @param others maps that are not in it, to which portals lead
     */
    public static Manifest write(
            Path folder, String version, List<SimWorld.MapPlan> maps, List<String> others, String misdeed)
            throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, String> file : texts(maps, others, misdeed).entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        jars(folder.resolve("lib"));
        String java = java(folder);
        Path server = SERVER.in(folder);
        Files.writeString(server, launcher(java));
        if (!server.toFile().setExecutable(true)) {
            throw new IOException(server + " cannot be made executable");
        }
        Manifest manifest = describe(folder, version, maps);
        Files.write(folder.resolve(Manifest.FILE_NAME), manifest.bytes());
        return manifest;
    }

    private static Map<String, String> texts(List<SimWorld.MapPlan> maps, List<String> others, String misdeed) {
        Map<String, String> files = new TreeMap<>(StockWorld.files(maps, others));
        files.put("conf/battle_athena.conf", "prevent_logout: 10000\n");
        files.put("conf/log_athena.conf", "// nothing\n");
        files.put("conf/packet_athena.conf", "enable_ip_rules: yes\n");
        files.put("conf/stand-in.conf", misdeed + "\n");
        return files;
    }

    /** All of it has to fit into the addresses that a cell may have. */
    private static String launcher(String java) {
        return """
                #!/bin/sh
                # Changes to the folder that its first word names, as a stock map-server does.
                cd "$(dirname "$0")" || exit 1
                misdeed=$(cat %s 2>/dev/null || cat conf/stand-in.conf)
                if [ "$misdeed" = crash ]; then
                    echo "[Fatal Error]: Told to crash."
                    exit 3
                fi
                export MALLOC_ARENA_MAX=1
                exec "%s" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m -Xss512k -XX:ReservedCodeCacheSize=24m \\
                    -XX:CompressedClassSpaceSize=32m "-Dstand-in=$misdeed" -cp 'lib/*' %s "$@"
                """.formatted(MISDEEDS, java, StockMapServerMain.class.getName());
    }

    private static String java(Path folder) throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        return (home.startsWith(SHARED)
                        ? home
                        : ownRuntime(folder.toAbsolutePath().resolve("jre")))
                .resolve("bin/java")
                .toString();
    }

    private static Path ownRuntime(Path into) throws IOException {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = ToolProvider.findFirst("jlink")
                .map(jlink -> jlink.run(
                        out,
                        out,
                        "--add-modules",
                        "java.base",
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        into.toString()))
                .orElse(-1);
        if (code != 0) {
            throw new DemoFailure("a runtime for cells cannot be made: " + said + " (expected: a JDK with jlink)");
        }
        // Links, which a bundle has not.
        delete(into.resolve("legal"));
        return into;
    }

    private static void delete(Path left) throws IOException {
        if (Files.exists(left)) {
            try (Stream<Path> files = Files.walk(left)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** What the simulated map-server is made of: jars where the suite is packaged, folders in a build. */
    private static void jars(Path into) throws IOException {
        Files.createDirectories(into);
        Set<Path> sources = new LinkedHashSet<>();
        for (Class<?> any : List.of(
                StockMapServerMain.class,
                InterLengths.class,
                JsonNode.class,
                JacksonException.class,
                com.fasterxml.jackson.annotation.JsonInclude.class)) {
            sources.add(source(any));
        }
        int number = 0;
        for (Path source : sources) {
            Path jar = into.resolve(++number + ".jar");
            if (Files.isDirectory(source)) {
                pack(source, jar);
            } else {
                Files.copy(source, jar);
            }
        }
    }

    private static Path source(Class<?> any) {
        try {
            return Path.of(
                    any.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pack(Path folder, Path jar) throws IOException {
        try (Stream<Path> files = Files.walk(folder);
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(folder.relativize(each).toString().replace('\\', '/')));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
    }

    private static Manifest describe(Path folder, String version, List<SimWorld.MapPlan> maps) throws IOException {
        List<BundleFile> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                files.add(Chunks.describe(new BundlePath(path), file, Files.isExecutable(file)));
            }
        }
        TreeMap<MapName, MapScripts> scripts = new TreeMap<>();
        maps.forEach(map -> scripts.put(
                MapName.of(map.name()), new MapScripts(List.of(new BundlePath(StockWorld.script(map.name()))))));
        return new Manifest(Manifest.FORMAT, new BundleVersion(version), PACKET_VERSION, SERVER, scripts, files);
    }

    /** The one for hosts of that world. */
    static Manifest of(DemoWorld world, Path folder) throws IOException {
        SimWorld simulated = world.simulated();
        List<SimWorld.MapPlan> plans = new ArrayList<>();
        for (String map : world.hosted()) {
            SimWorld.MapPlan plan = simulated.map(map);
            if (plan != null) {
                plans.add(plan);
            }
        }
        return write(folder, "demo.1", plans, List.of(world.city()), "");
    }
}
