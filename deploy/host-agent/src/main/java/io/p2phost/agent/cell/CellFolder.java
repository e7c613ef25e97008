package io.p2phost.agent.cell;

import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cell's working folder: links into the bundle, which nobody writes to, and what is the cell's own. Made anew at each
 * start; only {@code log/} stays.
 */
final class CellFolder {
    static final String LOG = "log";

    private static final String SERVER = "map-server";

    /** In the cell's {@code conf/}, beside links to the bundle's. */
    private static final String OWN = "p2p";

    private static final String PACKET_CONF = "packet_athena.conf";
    /** Of the operator's, with rules of play and nothing else, if he has some. */
    private static final String INTER_CONF = "conf/inter_athena.conf";

    private static final String SCRIPTS = "scripts_main.conf";

    private final Path folder;

    /** What a cell is told. */
    record Values(MapName map, int mapPort, int charPort, int sqlPort, String sqlPassword, List<String> scripts) {}

    CellFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    /** Lays everything out for a start; what an earlier one left goes. */
    void prepare(Bundle bundle, Values values) throws IOException {
        Files.createDirectories(folder.resolve(LOG));
        try (Stream<Path> old = Files.list(folder)) {
            for (Path left : old.toList()) {
                if (!left.endsWith(LOG)) {
                    delete(left);
                }
            }
        }
        Path source = bundle.directory();
        Path conf = folder.resolve("conf");
        Files.createDirectories(conf.resolve(OWN));
        link(source.resolve("conf"), conf, Set.of(PACKET_CONF, OWN));
        link(source, folder, Set.of("conf", "npc", LOG, SERVER, Bundle.MANIFEST));
        // A stock map-server changes to the folder that its first word names: it must be this one.
        Files.deleteIfExists(folder.resolve(SERVER));
        Files.createSymbolicLink(folder.resolve(SERVER), bundle.serverFile());
        Path npc = folder.resolve("npc");
        Files.createDirectories(npc);
        link(source.resolve("npc"), npc, Set.of("re", "pre-re"));
        for (String rules : List.of("re", "pre-re")) {
            Path own = npc.resolve(rules);
            Files.createDirectories(own);
            link(source.resolve("npc").resolve(rules), own, Set.of(SCRIPTS));
            Files.writeString(own.resolve(SCRIPTS), scripts(values.scripts()));
        }
        Files.writeString(conf.resolve(PACKET_CONF), packets());
        Files.writeString(conf.resolve(OWN).resolve("map.conf"), map(values));
        Files.writeString(conf.resolve(OWN).resolve("inter.conf"), inter(values));
        Files.writeString(conf.resolve(OWN).resolve("battle.conf"), battle());
        Files.writeString(conf.resolve(OWN).resolve("log.conf"), logs());
    }

    /** How the map-server is started so that it takes the cell's own files. */
    List<String> command() {
        return List.of(
                folder.resolve(SERVER).toString(),
                "--map-config",
                "conf/" + OWN + "/map.conf",
                "--inter-config",
                "conf/" + OWN + "/inter.conf",
                "--battle-config",
                "conf/" + OWN + "/battle.conf",
                "--log-config",
                "conf/" + OWN + "/log.conf");
    }

    private static void link(Path from, Path into, Set<String> not) throws IOException {
        if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (!not.contains(name)) {
                    Files.createSymbolicLink(into.resolve(name), entry);
                }
            }
        }
    }

    /** Never follows a link: what they lead to is the bundle. */
    private static void delete(Path left) throws IOException {
        Files.walkFileTree(left, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    // ---- what the files say; the last of two lines with the same key counts ----

    private static String map(Values values) {
        return """
                delmap: all
                map: %s
                userid: p2p-cell
                passwd: p2p-cell
                char_ip: 127.0.0.1
                char_port: %d
                map_ip: 127.0.0.1
                bind_ip: 127.0.0.1
                map_port: %d
                autosave_time: 10
                minsave_time: 100
                save_settings: 4095
                console: off
                console_msg_log: 0
                stdout_with_ansisequence: no
                use_grf: no
                """.formatted(values.map(), values.charPort(), values.mapPort());
    }

    /** An import that is not there ends a stock map-server. */
    private String inter(Values values) {
        String rules = Files.exists(folder.resolve(INTER_CONF)) ? "import: " + INTER_CONF + "\n" : "";
        return rules + """
                use_sql_db: no
                map_server_ip: 127.0.0.1
                map_server_port: %d
                map_server_id: %s
                map_server_pw: %s
                map_server_db: scratch
                log_db_ip: 127.0.0.1
                log_db_port: 1
                """.formatted(values.sqlPort(), ScratchSql.USER, values.sqlPassword());
    }

    /** Who leaves leaves at once, so that a move need not wait; nothing that only the database remembers. */
    private static String battle() {
        return """
                import: conf/battle_athena.conf
                prevent_logout: 0
                feature.auction: off
                feature.autotrade: off
                """;
    }

    private static String logs() {
        return """
                enable_logs: 0
                sql_logs: no
                log_commands: no
                log_npc: no
                log_chat: 0
                """;
    }

    /** All players come from loopback: limits per address would hit all of them. */
    private static String packets() {
        return """
                enable_ip_rules: no
                order: deny,allow
                allow: 127.0.0.0/8
                stall_time: 60
                """;
    }

    private static String scripts(List<String> scripts) {
        StringBuilder lines = new StringBuilder();
        scripts.forEach(script -> lines.append("npc: ").append(script).append('\n'));
        return lines.toString();
    }
}
