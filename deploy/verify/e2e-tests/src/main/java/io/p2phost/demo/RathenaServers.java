package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An operator's stock servers out of a built rAthena tree: login-server, char-server, core and reserve, set up as
 * {@code docs/rathena-setup.md} says. Each runs in a folder of the demo; nothing in the tree is written.
 */
final class RathenaServers {
    static final String LOGIN = "login";
    static final String CHAR = "char";
    static final String CORE = "core";
    static final String RESERVE = "reserve";
    private static final int AUTOSAVE_SECONDS = 10;

    private final Path tree;
    private final Path work;
    private final Site site;
    private final GameDatabase database;
    private final List<String> hosted;
    private final Programs programs;
    private final Map<String, Process> running = new HashMap<>();

    /** @param hosted the maps that core does not have, and reserve does */
    RathenaServers(Path tree, Path work, Site site, GameDatabase database, List<String> hosted, Programs programs) {
        this.tree = tree;
        this.work = work;
        this.site = site;
        this.database = database;
        this.hosted = List.copyOf(hosted);
        this.programs = programs;
    }

    /** Says what of a tree is not there. */
    static void check(Path tree) {
        for (String name : List.of("login-server", "char-server", "map-server")) {
            if (!Files.isExecutable(tree.resolve(name))) {
                throw new DemoFailure("--rathena: " + tree.resolve(name)
                        + " is missing (expected: a tree in which rAthena was built)");
            }
        }
    }

    void start(String name) throws IOException {
        Path folder = work.resolve(name);
        if (!Files.isDirectory(folder)) {
            write(folder, name);
        }
        // A stock server goes to the folder of its own name: run from the tree it would read the operator's settings.
        running.put(
                name,
                programs.server(
                        folder, log(name), List.of(folder.resolve(program(name)).toString())));
    }

    private static String program(String name) {
        return switch (name) {
            case LOGIN -> "login-server";
            case CHAR -> "char-server";
            default -> "map-server";
        };
    }

    /** As by kill -9. */
    void kill(String name) {
        Process process = running.remove(name);
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    Path log(String name) {
        return work.resolve(name + ".log");
    }

    /** Whether it says so, in the run that is going on. */
    boolean isReady(String name) {
        try {
            Process process = running.get(name);
            if (process == null || !process.isAlive()) {
                throw new IllegalStateException(name + " of the operator ended; see " + log(name));
            }
            return Files.readString(log(name), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains("is 'ready'");
        } catch (IOException e) {
            return false;
        }
    }

    private void write(Path folder, String name) throws IOException {
        copy(tree.resolve("conf"), folder.resolve("conf"));
        Files.createDirectories(folder.resolve("log"));
        for (String shared : List.of("db", "npc", "generated", program(name))) {
            if (Files.exists(tree.resolve(shared))) {
                Files.createSymbolicLink(
                        folder.resolve(shared), tree.resolve(shared).toAbsolutePath());
            }
        }
        // A line there would replace the relay's address.
        Files.writeString(folder.resolve("conf/subnet_athena.conf"), "");
        conf(folder, "packet_conf", "enable_ip_rules: no", "allow: 127.0.0.0/8");
        conf(
                folder,
                "inter_conf",
                Stream.of("login_server", "ipban_db", "char_server", "map_server", "web_server", "log_db")
                        .flatMap(this::access)
                        .toArray(String[]::new));
        conf(folder, "login_conf", "login_port: " + site.loginServer().port(), "ipban_enable: no", "console: off");
        conf(
                folder,
                "char_conf",
                "login_ip: " + site.loginServer().host(),
                "login_port: " + site.loginServer().port(),
                "char_ip: " + site.charServer().host(),
                "char_port: " + site.charServer().port(),
                "pincode_enabled: no",
                "console: off");
        conf(folder, "log_conf", "enable_logs: 0");
        if (name.equals(CORE)) {
            mapServer(folder, "s1", site.core(), hosted.stream().map(map -> "delmap: " + map));
        } else if (name.equals(RESERVE)) {
            mapServer(
                    folder,
                    RESERVE,
                    site.reserve(),
                    Stream.concat(Stream.of("delmap: all"), hosted.stream().map(map -> "map: " + map)));
            conf(folder, "battle_conf", "prevent_logout: 0");
        }
    }

    private Stream<String> access(String whose) {
        Endpoint at = database.at();
        return Stream.of(
                whose + "_ip: " + at.host(),
                whose + "_port: " + at.port(),
                whose + "_id: " + GameDatabase.USER,
                whose + "_pw: " + GameDatabase.PASSWORD,
                whose + "_db: " + GameDatabase.NAME);
    }

    private void mapServer(Path folder, String user, Endpoint at, Stream<String> maps) throws IOException {
        Stream<String> lines = Stream.of(
                "userid: " + user,
                "passwd: " + StandInMain.USER_PASSWORD,
                "char_ip: " + site.vpsSide().host(),
                "char_port: " + site.vpsSide().port(),
                "map_ip: " + at.host(),
                "map_port: " + at.port(),
                "autosave_time: " + AUTOSAVE_SECONDS,
                "save_settings: 4095",
                "console: off");
        conf(folder, "map_conf", Stream.concat(lines, maps).toArray(String[]::new));
    }

    private static void conf(Path folder, String name, String... lines) throws IOException {
        Path file = folder.resolve("conf/import").resolve(name + ".txt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, Stream.of(lines).collect(Collectors.joining("\n", "", "\n")));
    }

    /** The operator's own {@code import} stays where it is: it names his database. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.filter(each -> !from.relativize(each).startsWith("import"))
                    .toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
        try (Stream<Path> templates = Files.list(from.resolve("import-tmpl"))) {
            Files.createDirectories(to.resolve("import"));
            for (Path template : templates.toList()) {
                Files.copy(template, to.resolve("import").resolve(String.valueOf(template.getFileName())));
            }
        }
    }
}
