package io.p2phost.standalone.packager;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Makes what a player installs: the host agent with a Java runtime of its own, for the system that this runs on. The same
 * sources and JDK give the same bytes. Beside it lie its hash and, if asked for, its signature.
 */
public final class AgentArchive {
    /**
     * What the agent's jars use of Java. jdeps finds more: {@code java.desktop}, {@code java.datatransfer} and {@code
     * java.sql}, for parts of libraries that the agent does not use and that do without.
     */
    static final List<String> MODULES = List.of(
            "java.base", "java.logging", "java.naming", "java.net.http", "java.xml", "jdk.jfr", "jdk.unsupported");

    private static final int OLDEST_JAVA = 25;

    /** Modules of this project among the agent's jars. */
    private static final List<String> OURS = List.of("host-agent", "contracts", "bundles", "links");

    private final Path repository;
    private final Path sources;
    private final String version;
    private final Instant time;

    private AgentArchive(Path repository) throws IOException {
        this.repository = repository;
        this.sources = repository.resolve("deploy/standalone/agent/src/archive");
        String pom = Files.readString(repository.resolve("pom.xml"));
        this.version = element(pom, "version");
        this.time = Instant.parse(element(pom, "project.build.outputTimestamp"));
    }

    /** Arguments: the repository's root, in which the dist was built, and the folder to write to. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: AgentArchive REPOSITORY OUTPUT");
        }
        if (Runtime.version().feature() < OLDEST_JAVA) {
            throw new IllegalStateException(
                    "Java " + Runtime.version() + " (expected: " + OLDEST_JAVA + " or newer; its runtime is packed)");
        }
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new IllegalStateException(System.getProperty("os.name") + " (expected: Linux; its Java is packed)");
        }
        Signing signing = new Signing(System.getenv().getOrDefault(Signing.VARIABLE, ""), Duration.ofMinutes(10));
        try {
            List<Path> made = new AgentArchive(Path.of(args[0]).toRealPath())
                    .make(Path.of(args[1]).toAbsolutePath(), signing);
            made.forEach(System.out::println);
        } catch (IOException e) {
            System.err.println("The agent's archive was not made: " + e.getMessage());
            System.exit(1);
        }
    }

    /** What was not finished is not published: all files appear at the end. */
    private List<Path> make(Path output, Signing signing) throws IOException, InterruptedException {
        Files.createDirectories(output);
        Path work = Files.createTempDirectory(output, ".p2p-host-");
        try {
            String name = "p2p-host-" + version + "-linux-" + architecture();
            Path archive = work.resolve(name + ".tar.gz");
            contents(name, runtime(work.resolve("runtime"))).write(archive, time);
            Path hash = work.resolve(name + ".tar.gz.sha256");
            Files.writeString(hash, sha256(archive) + "  " + archive.getFileName() + "\n");
            List<Path> made = new ArrayList<>(List.of(archive, hash));
            Optional<Path> signature = signing.sign(archive);
            signature.ifPresent(made::add);
            // An earlier one would not fit the new archive.
            Files.deleteIfExists(output.resolve(name + ".tar.gz.sig"));
            List<Path> published = new ArrayList<>();
            for (Path file : made) {
                published.add(
                        Files.move(file, output.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING));
            }
            return published;
        } finally {
            delete(work);
        }
    }

    private Tarball contents(String name, Path runtime) throws IOException {
        List<Path> jars = new ArrayList<>();
        Path lib = repository.resolve("deploy/standalone/agent/target/lib");
        try (DirectoryStream<Path> found = Files.newDirectoryStream(lib, "*.jar")) {
            found.forEach(jars::add);
        }
        List<String> names =
                jars.stream().map(jar -> String.valueOf(jar.getFileName())).toList();
        ThirdParty thirdParty = new ThirdParty(Files.readAllLines(sources.resolve("third-party.list")));
        List<String> faults = thirdParty.faults(names, OURS);
        if (!faults.isEmpty()) {
            throw new IOException(String.join("; ", faults));
        }

        Tarball tarball = new Tarball(name);
        for (Path jar : jars) {
            String packed = "agent/" + jar.getFileName();
            if (thirdParty.names(jar)) {
                tarball.file(packed, jar);
            } else {
                tarball.file(packed, PlainJar.of(jar, time));
            }
            thirdParty.texts(jar).forEach((text, content) -> tarball.file("licences/" + text, content));
        }
        tarball.program("bin/p2p-host", repository.resolve("deploy/standalone/dist/src/bin/p2p-host"));
        tarball.tree("runtime", runtime);
        tarball.program("install", sources.resolve("install"));
        tarball.file("systemd/p2p-host.service", sources.resolve("p2p-host.service"));
        tarball.tree("licences", sources.resolve("licences"));
        tarball.file("LICENSE", repository.resolve("LICENSE"));
        tarball.file("LIBS.md", repository.resolve("deploy/host-agent/LIBS.md"));
        tarball.file("host-guide.md", repository.resolve("docs/host-guide.md"));
        tarball.file(
                "THIRD-PARTY.md",
                Files.readString(sources.resolve("third-party.head.md"))
                        .replace("@java@", ofJava("IMPLEMENTOR_VERSION", "JAVA_VERSION"))
                        .replace("@maker@", ofJava("IMPLEMENTOR", "JAVA_VERSION"))
                        .replace("@source@", ofJava("SOURCE_REPO", "JAVA_VERSION"))
                        .replace("@tag@", ofJava("SEMANTIC_VERSION", "JAVA_VERSION"))
                        .concat(thirdParty.table(names))
                        .getBytes(StandardCharsets.UTF_8));
        return tarball;
    }

    /** Without an archive of classes, whose bytes would differ from machine to machine. */
    private static Path runtime(Path target) throws IOException {
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new IOException(
                        "no jlink in " + System.getProperty("java.home") + " (expected: a JDK, not a Java runtime)"));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        int status = jlink.run(
                out,
                out,
                "--add-modules",
                String.join(",", MODULES),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                // The whole is packed anyway, and starts sooner so.
                "--compress",
                "zip-0",
                "--output",
                target.toString());
        if (status != 0) {
            throw new IOException("jlink ended with " + status + ": " + said);
        }
        return target;
    }

    /** A line of the packed Java's own description of itself; linked runtimes do not have all of them. */
    private static String ofJava(String key, String otherwise) throws IOException {
        Map<String, String> lines = new HashMap<>();
        for (String line : Files.readAllLines(Path.of(System.getProperty("java.home"), "release"))) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.put(line.substring(0, equals), line.substring(equals + 1).replace("\"", ""));
            }
        }
        return lines.getOrDefault(key, lines.getOrDefault(otherwise, "?"));
    }

    /** As {@code uname -m} says it. */
    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return name.equals("amd64") ? "x86_64" : name;
    }

    private static String element(String pom, String name) throws IOException {
        Matcher element =
                Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)</").matcher(pom);
        if (!element.find()) {
            throw new IOException("pom.xml: no " + name);
        }
        return element.group(1).strip();
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            StringBuilder hex = new StringBuilder();
            for (byte b : digest.digest()) {
                hex.append(String.format(Locale.ROOT, "%02x", b));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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
