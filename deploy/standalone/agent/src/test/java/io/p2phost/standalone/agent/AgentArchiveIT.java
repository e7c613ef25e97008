package io.p2phost.standalone.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What players install: made as for a release, then used as on a machine that has no Java and whose folders have spaces. */
@EnabledOnOs(OS.LINUX)
class AgentArchiveIT {
    private static final Path ROOT = Path.of("../../..").toAbsolutePath().normalize();

    /** Parts of libraries that the agent does not use want them; each of these libraries does without. */
    private static final Set<String> NOT_PACKED = Set.of("java.desktop", "java.datatransfer", "java.sql");

    @TempDir
    static Path shared;

    private static Path archive;
    private static Path unpacked;

    @TempDir
    Path folder;

    private Path home;

    /** What a command did; standard output and error together. */
    private record Outcome(int status, String text) {}

    @BeforeAll
    static void madeAndUnpacked() throws Exception {
        Path signing = script(shared.resolve("sign"), "printf 'signature of %s' \"${1##*/}\" > \"$1.sig\"");
        Outcome made = make(shared.resolve("release"), signing);
        assertThat(made.status()).as(made.text()).isZero();
        archive = only(shared.resolve("release"), ".tar.gz");
        Path place = Files.createDirectories(shared.resolve("a place with spaces"));
        assertThat(run(Map.of(), "tar", "-xzf", archive.toString(), "-C", place.toString())
                        .status())
                .isZero();
        unpacked = only(place, "");
    }

    @BeforeEach
    void home() throws IOException {
        home = Files.createDirectories(folder.resolve("my home"));
    }

    // ---- making it ----

    @Test
    void hashAndSignatureLieBesideTheArchive() throws Exception {
        assertThat(archive.getFileName().toString()).matches("p2p-host-[0-9.]+-linux-(x86_64|aarch64)\\.tar\\.gz");
        Outcome checked = run(
                Map.of(),
                "sh",
                "-c",
                "cd \"$0\" && sha256sum -c ./*.sha256",
                archive.getParent().toString());
        assertThat(checked.status()).as(checked.text()).isZero();
        assertThat(archive.resolveSibling(archive.getFileName() + ".sig"))
                .hasContent("signature of " + archive.getFileName());
    }

    @Test
    void secondBuildGivesTheSameBytesAndOneThatCannotBeSignedIsNotPublished() throws Exception {
        Path seen = folder.resolve("seen.tar.gz");
        Path output = folder.resolve("another place/release");
        Outcome made = make(output, script(folder.resolve("sign"), "cp \"$1\" '" + seen + "'; exit 7"));
        assertThat(made.status()).as(made.text()).isEqualTo(1);
        assertThat(made.text()).contains("P2P_SIGN_COMMAND", "ended with 7");
        assertThat(output).isEmptyDirectory();
        assertThat(seen).hasSameBinaryContentAs(archive);
    }

    // ---- what is in it ----

    @Test
    void runtimeHasEveryModuleThatTheJarsUse() throws Exception {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        List<String> words = new ArrayList<>(List.of("-s", "--ignore-missing-deps", "--multi-release", "25"));
        try (Stream<Path> jars = Files.list(unpacked.resolve("agent"))) {
            jars.map(Path::toString).forEach(words::add);
        }
        assertThat(ToolProvider.findFirst("jdeps").orElseThrow().run(out, out, words.toArray(String[]::new)))
                .as(said.toString())
                .isZero();
        Set<String> used = said.toString()
                .lines()
                .filter(line -> line.contains(" -> "))
                .map(line -> line.substring(line.indexOf(" -> ") + 4).strip())
                .filter(name -> name.matches("(java|jdk)\\.[a-z.]+"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> packed = Files.readAllLines(unpacked.resolve("runtime/release")).stream()
                .filter(line -> line.startsWith("MODULES="))
                .flatMap(line -> Arrays.stream(
                        line.substring("MODULES=".length()).replace("\"", "").split(" ")))
                .collect(Collectors.toSet());
        assertThat(used).contains("java.base", "java.net.http").hasSizeGreaterThan(5);
        used.removeAll(NOT_PACKED);
        assertThat(packed).containsAll(used);
    }

    @Test
    void licencesAndWhatTheMachineMustHaveAreInIt() throws IOException {
        assertThat(unpacked.resolve("LICENSE")).content().contains("Apache License");
        assertThat(unpacked.resolve("LIBS.md")).content().contains("libmariadb.so.3", "bubblewrap");
        assertThat(unpacked.resolve("host-guide.md")).content().contains("p2p-host");
        assertThat(unpacked.resolve("runtime/legal/java.base/LICENSE")).isRegularFile();
        assertThat(unpacked.resolve("licences/MIT.txt")).isRegularFile();
        assertThat(unpacked.resolve("licences/jackson-core/NOTICE")).isRegularFile();
        String list = Files.readString(unpacked.resolve("THIRD-PARTY.md"));
        assertThat(list).doesNotContain("@");
        try (Stream<Path> jars = Files.list(unpacked.resolve("agent"))) {
            for (String jar : jars.map(jar -> jar.getFileName().toString()).toList()) {
                if (!jar.matches("(host-agent|contracts|bundles|links)-.*")) {
                    String artifact = jar.replaceFirst("-\\d.*", "");
                    assertThat(list).contains("| " + artifact + " |");
                }
            }
        }
    }

    // ---- using it ----

    @Test
    void agentFindsItsJavaThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("current"), unpacked);
        Path command = Files.createSymbolicLink(folder.resolve("p2p host"), Path.of("current/bin/p2p-host"));
        Path again = Files.createSymbolicLink(home.resolve("agent"), command);
        assertThat(agent(again, "--version").text()).startsWith("p2p-host 0.");
        Outcome help = agent(link.resolve("bin/p2p-host"), "--help");
        assertThat(help.status()).as(help.text()).isZero();
        assertThat(help.text()).contains("enroll", "doctor", "Exit codes");
    }

    @Test
    void agentEnrolsExaminesAndAsksForItsCertificateOverTls() throws Exception {
        try (TlsGateway gateway = new TlsGateway(folder)) {
            Path program = unpacked.resolve("bin/p2p-host");
            Map<String, String> trusting =
                    Map.of("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 " + gateway.trustOptions());
            String dir = home.resolve("host").toString();

            Outcome enrolled =
                    agent(trusting, program, "enroll", "--home", dir, "--gateway", gateway.uri(), "--name", "me", "C");
            assertThat(enrolled.status()).as(enrolled.text()).isZero();

            Files.writeString(Path.of(dir, "host_node.conf"), "node: {max_maps: 2}\nresources: {cpu_limit: 50}\n");
            Files.writeString(Path.of(dir, "manners.conf"), "hours: {every_day: always}\nmax_celsius: 90\n");
            Outcome doctor = agent(trusting, program, "doctor", "--home", dir, "--json");
            assertThat(doctor.status()).as(doctor.text()).isIn(0, 3);
            assertThat(doctor.text()).contains("\"findings\"", "\"cpuCores\"").doesNotContain("Exception");

            Outcome consent = agent(
                    Map.of("JDK_JAVA_OPTIONS", "-Duser.language=de"), program, "consent", "--home", dir, "--accept");
            assertThat(consent.status()).as(consent.text()).isZero();
            assertThat(consent.text()).contains("Rechner");

            Outcome run = agent(trusting, program, "run", "--home", dir, "--serve", "prt_fild08=127.0.0.1:5121");
            assertThat(run.status()).as(run.text()).isEqualTo(4);
            assertThat(run.text()).contains("this host is banned");
            assertThat(gateway.calls)
                    .anyMatch(call -> call.startsWith("certificates ") && call.contains("CERTIFICATE REQUEST"));
        }
    }

    // ---- installing it ----

    @Test
    void installUpdatesStartsAndRemoves() throws Exception {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Path asked = folder.resolve("asked");
        script(tools.resolve("systemctl"), "echo \"$*\" >> '" + asked + "'");
        Map<String, String> environment = Map.of("PATH", tools + ":/usr/bin:/bin");
        Path base = home.resolve(".local/share/p2p-host");

        Outcome installed = agent(environment, unpacked.resolve("install"));
        assertThat(installed.status()).as(installed.text()).isZero();
        assertThat(installed.text()).contains("Installed: p2p-host 0.");
        assertThat(asked).doesNotExist();
        assertThat(agent(home.resolve(".local/bin/p2p-host"), "--version").text())
                .startsWith("p2p-host 0.");

        Outcome service = agent(environment, unpacked.resolve("install"), "--service");
        assertThat(service.status()).as(service.text()).isZero();
        assertThat(Files.readAllLines(asked))
                .containsExactly(
                        "--user daemon-reload", "--user enable p2p-host.service", "--user restart p2p-host.service");
        assertUnitIsSound(home.resolve(".config/systemd/user/p2p-host.service"));

        // The next version, and the one after: the current and the one before it stay.
        for (String version : List.of("p2p-host-8.0", "p2p-host-9.0")) {
            Path next = folder.resolve("elsewhere/" + version);
            Files.createDirectories(next.getParent());
            assertThat(run(Map.of(), "cp", "-R", unpacked.toString(), next.toString())
                            .status())
                    .isZero();
            Files.delete(asked);
            Outcome updated = agent(environment, next.resolve("install"));
            assertThat(updated.status()).as(updated.text()).isZero();
            assertThat(Files.readAllLines(asked))
                    .containsExactly("--user daemon-reload", "--user try-restart p2p-host.service");
        }
        assertThat(Files.readSymbolicLink(base.resolve("current"))).hasToString("p2p-host-9.0");
        assertThat(names(base)).containsExactly("current", "p2p-host-8.0", "p2p-host-9.0");

        Files.createDirectories(home.resolve(".p2p-host"));
        Outcome removed = agent(environment, base.resolve("current/install"), "--remove");
        assertThat(removed.status()).as(removed.text()).isZero();
        assertThat(removed.text()).contains("Left: " + home.resolve(".p2p-host"));
        assertThat(base).doesNotExist();
        assertThat(Files.exists(home.resolve(".local/bin/p2p-host"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(home.resolve(".config/systemd/user")).isEmptyDirectory();
        assertThat(Files.readAllLines(asked)).contains("--user disable --now p2p-host.service");
    }

    @Test
    void installLeavesAnotherProgramOfThatNameAlone() throws Exception {
        Path other = Files.createDirectories(home.resolve(".local/bin")).resolve("p2p-host");
        Files.writeString(other, "mine");
        Outcome refused = agent(unpacked.resolve("install"));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.text()).contains("is not from here");
        assertThat(other).hasContent("mine");
        assertThat(agent(unpacked.resolve("install"), "--now").status()).isEqualTo(2);
    }

    private void assertUnitIsSound(Path unit) throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/systemd-analyze"))) {
            assertThat(System.getenv("CI")).as("CI without systemd-analyze").isNull();
            return;
        }
        Path runtime = Files.createDirectories(folder.resolve("xdg"));
        Outcome verified = agent(
                Map.of("XDG_RUNTIME_DIR", runtime.toString()),
                Path.of("/usr/bin/systemd-analyze"),
                "--user",
                "verify",
                unit.toString());
        assertThat(verified.text()).isEmpty();
        assertThat(verified.status()).isZero();
    }

    // ---- in a container ----

    @Test
    void imageRunsWithoutRootAndWithoutAWritableDisk() throws Exception {
        assumeTrue(docker("info").status() == 0, "no Docker engine");
        String image = "p2p-host:it";
        // The archive alone is sent to the engine.
        Path context = Files.createDirectories(folder.resolve("context"));
        Files.copy(archive, context.resolve(archive.getFileName()));
        Outcome built = docker(
                "build",
                "-q",
                "-f",
                ROOT.resolve("deploy/docker/agent.Dockerfile").toString(),
                "-t",
                image,
                "" + context);
        assertThat(built.status()).as(built.text()).isZero();
        try {
            Outcome whole = docker(
                    "run",
                    "--rm",
                    "--network",
                    "none",
                    "--read-only",
                    "--tmpfs",
                    "/tmp:exec,size=64m",
                    "--cap-drop",
                    "ALL",
                    "--security-opt",
                    "no-new-privileges",
                    "--entrypoint",
                    "sh",
                    image,
                    "-c",
                    "id -u; p2p-host --version; p2p-host enroll --gateway https://127.0.0.1:1 C; echo $?;"
                            + " ls \"$HOME/.p2p-host\"; touch /opt/p2p-host/x");
            assertThat(whole.text())
                    .startsWith("10001\np2p-host 0.")
                    .contains("cannot be reached", "\n7\n", "host.key", "Read-only file system");
            assertThat(docker("inspect", "-f", "{{.Config.StopSignal}} {{.Config.User}} {{.Config.Volumes}}", image)
                            .text())
                    .contains("SIGTERM p2p-host map[/home/p2p-host:{}]");
        } finally {
            docker("rmi", "-f", image);
        }
    }

    // ---- means ----

    /** Docker's own environment names its engine. */
    private static Outcome docker(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        try {
            return run(null, command.toArray(String[]::new));
        } catch (IOException e) {
            return new Outcome(127, e.toString());
        }
    }

    private static Outcome make(Path output, Path signing) throws Exception {
        Path packager = ROOT.resolve("deploy/standalone/packager/target");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("P2P_SIGN_COMMAND", signing.toString());
        return run(
                environment,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                packager.resolve("classes") + ":" + packager.resolve("lib") + "/*",
                "io.p2phost.standalone.packager.AgentArchive",
                ROOT.toString(),
                output.toString());
    }

    private Outcome agent(Path program, String... words) throws Exception {
        return agent(Map.of(), program, words);
    }

    private Outcome agent(Map<String, String> more, Path program, String... words) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin", "HOME", home.toString()));
        environment.putAll(more);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        return run(environment, command.toArray(String[]::new));
    }

    /** The environment that is given and nothing else; this process's own for null. */
    private static Outcome run(Map<String, String> environment, String... command) throws Exception {
        Path output = Files.createTempFile("p2p", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            if (environment != null) {
                builder.environment().clear();
                builder.environment().putAll(environment);
                builder.environment().putIfAbsent("PATH", "/usr/bin:/bin");
            }
            Process process = builder.start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(List.of(command) + " did not end; it said: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    private static Path script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Path only(Path directory, String ending) throws IOException {
        List<String> names =
                names(directory).stream().filter(name -> name.endsWith(ending)).toList();
        assertThat(names).hasSize(1);
        return directory.resolve(names.getFirst());
    }
}
