package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A player whose client is OpenKore, a program that others wrote: it walks about on one map and fights what it meets. What
 * it says is read from its output.
 */
final class OpenKore {
    private static final Pattern IN_GAME = Pattern.compile("(?m)^.*You are now in the game");
    private static final Pattern LOGIN = Pattern.compile("(?m)^.*Connecting to Account Server");
    private static final Pattern TROUBLE = Pattern.compile(
            "(?m)^.*(Disconnected from Map Server|Timeout on [A-Z]|couldn't connect|already logged in).*$");

    private final Path folder;
    private final Path work;
    private final String name;
    private final Programs programs;
    private @Nullable Process process;

    /**
     * Prepares it.
     *
     * @param folder where OpenKore was built
     * @param name of the account and of the character
     */
    OpenKore(Path folder, Path work, String name, Programs programs) {
        this.folder = folder;
        this.work = work;
        this.name = name;
        this.programs = programs;
    }

    /** Says what of it is not there. */
    static void check(Path folder) {
        if (!Files.isRegularFile(folder.resolve("openkore.pl"))
                || !Files.exists(folder.resolve("src/auto/XSTools/XSTools.so"))) {
            throw new DemoFailure("--openkore: " + folder
                    + " has no openkore.pl with XSTools.so (expected: a folder in which it was built)");
        }
    }

    /** Logs in and hunts on that map. */
    void start(Endpoint loginServer, String map) throws IOException {
        Path control = work.resolve("control");
        Path tables = work.resolve("tables");
        Files.createDirectories(control);
        Files.createDirectories(tables);
        try (Stream<Path> files = Files.list(folder.resolve("control"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, control.resolve(String.valueOf(file.getFileName())));
            }
        }
        // A client of the version that the trees of the demo are built for.
        Files.writeString(tables.resolve("servers.txt"), """
                        [p2p demo]
                        ip %s
                        port %d
                        private 1
                        master_version 1
                        version 1
                        serverType kRO_RagexeRE_2020_04_01b
                        serverEncoding Western
                        addTableFolders kRO/RagexeRE_2020_04_01b;kRO
                        charBlockSize 155
                        """.formatted(loginServer.host(), loginServer.port()));
        Path config = control.resolve("config.txt");
        Files.writeString(
                config,
                set(
                        Files.readString(config),
                        Map.ofEntries(
                                Map.entry("master", "p2p demo"),
                                Map.entry("server", "0"),
                                Map.entry("username", name),
                                Map.entry("password", StandInMain.PASSWORD),
                                Map.entry("char", "0"),
                                Map.entry("adminPassword", "none"),
                                Map.entry("lockMap", map),
                                Map.entry("attackAuto", "2"),
                                Map.entry("route_randomWalk", "1"),
                                Map.entry("sitAuto_idle", "0"),
                                // It stays on one map: no need to know the way to others, and nothing to write down.
                                Map.entry("portalCompile", "0"),
                                Map.entry("portalRecord", "0"),
                                Map.entry("teleportAuto_hp", "0"),
                                Map.entry("itemsTakeAuto", "2"),
                                Map.entry("itemsGatherAuto", "0"))));
        process = programs.server(
                work,
                log(),
                List.of(
                        "perl",
                        folder.resolve("openkore.pl").toString(),
                        "--interface=Console::Simple",
                        "--control=" + control,
                        "--tables=" + tables + ":" + folder.resolve("tables"),
                        "--fields=" + folder.resolve("fields"),
                        // None: some of them connect again by themselves.
                        "--plugins=" + Files.createDirectories(work.resolve("plugins")),
                        "--logs=" + work.resolve("logs")));
    }

    Path log() {
        return work.resolve("openkore.log");
    }

    /** How often a map-server let it in. */
    int entries() {
        return (int) IN_GAME.matcher(said()).results().count();
    }

    /** How often it began at the login-server. */
    int logins() {
        return (int) LOGIN.matcher(said()).results().count();
    }

    /** What happened that should not have; empty while it has been in the game all the time. */
    Optional<String> trouble() {
        if (process == null || !process.isAlive()) {
            return Optional.of("OpenKore ended; see " + log());
        }
        Matcher trouble = TROUBLE.matcher(said());
        if (trouble.find()) {
            return Optional.of("OpenKore says: " + trouble.group().strip());
        }
        return logins() > 1 ? Optional.of("OpenKore logged in " + logins() + " times") : Optional.empty();
    }

    private String said() {
        try {
            return Files.readString(log(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static String set(String config, Map<String, String> values) {
        String text = config;
        for (Map.Entry<String, String> each : values.entrySet()) {
            String line = each.getKey() + " " + each.getValue();
            Matcher there = Pattern.compile("(?m)^" + each.getKey() + "\\b.*$").matcher(text);
            text = there.find() ? there.replaceFirst(Matcher.quoteReplacement(line)) : text + "\n" + line + "\n";
        }
        return text;
    }
}
