package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** MariaDB for an operator's real game servers, in a folder of the demo: never one that is there already. */
final class GameDatabase {
    static final String NAME = "ragnarok";
    static final String USER = "ragnarok";
    static final String PASSWORD = "ragnarok";
    private static final int INSTALL_SECONDS = 60;
    private static final int STATEMENT_SECONDS = 30;
    private static final List<Path> FOLDERS = Stream.concat(
                    Arrays.stream(String.valueOf(System.getenv("PATH")).split(":"))
                            .map(Path::of),
                    // Servers are where an ordinary user does not look.
                    Stream.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin")))
            .toList();

    private final Path folder;
    private final Endpoint at;
    private final Programs programs;

    GameDatabase(Path folder, Endpoint at, Programs programs) {
        this.folder = folder;
        this.at = at;
        this.programs = programs;
    }

    Endpoint at() {
        return at;
    }

    /** Starts it, empty. */
    void start() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String data = "--datadir=" + folder.resolve("data");
        List<String> install = command(
                "mariadb-install-db",
                "--no-defaults",
                data,
                "--auth-root-authentication-method=normal",
                "--skip-test-db");
        Path log = folder.resolve("log");
        Process installer = new ProcessBuilder(install)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (!installer.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS) || installer.exitValue() != 0) {
            installer.destroyForcibly();
            throw new DemoFailure("MariaDB could not make its data folder; see " + log);
        }
        programs.server(
                folder,
                log,
                command(
                        "mariadbd",
                        "--no-defaults",
                        data,
                        "--bind-address=" + at.host(),
                        "--port=" + at.port(),
                        "--socket=" + socket(),
                        "--skip-log-bin",
                        "--sql-mode=",
                        "--innodb-buffer-pool-size=64M"));
    }

    /** Whether it answers. */
    boolean answers() {
        try {
            return ask(null, "select 1").equals(List.of(List.of("1")));
        } catch (DemoFailure e) {
            return false;
        }
    }

    /** Makes the game's database of these files of the tree. */
    void create(List<Path> files) {
        ask(
                null,
                "create database " + NAME + "; create user '" + USER + "'@'%' identified by '" + PASSWORD
                        + "'; grant all on " + NAME + ".* to '" + USER + "'@'%'");
        for (Path file : files) {
            run(file, List.of(NAME));
        }
    }

    /** Statements on the game's database; the rows of the last one that has some. */
    List<List<String>> ask(String statements) {
        return ask(NAME, statements);
    }

    private List<List<String>> ask(@Nullable String database, String statements) {
        List<String> words = new ArrayList<>(database == null ? List.of() : List.of(database));
        words.add("-e");
        words.add(statements);
        return run(null, words)
                .lines()
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    private String run(@Nullable Path input, List<String> words) {
        List<String> command = command("mariadb", "--no-defaults", "--socket=" + socket(), "--user=root", "-B", "-N");
        command.addAll(words);
        try {
            Path out = Files.createTempFile(folder, "answer", ".txt");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
                if (input != null) {
                    builder.redirectInput(input.toFile());
                }
                Process process = builder.start();
                if (!process.waitFor(STATEMENT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new DemoFailure("the game's database does not answer");
                }
                String answer = Files.readString(out);
                if (process.exitValue() != 0) {
                    throw new DemoFailure("the game's database: " + answer.strip());
                }
                return answer;
            } finally {
                Files.deleteIfExists(out);
            }
        } catch (IOException e) {
            throw new DemoFailure("the game's database: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted", e);
        }
    }

    private Path socket() {
        return folder.resolve("socket");
    }

    private static List<String> command(String program, String... arguments) {
        Path found = FOLDERS.stream()
                .map(each -> each.resolve(program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new DemoFailure(program + " is not on this machine (expected: MariaDB, server and client)"));
        List<String> command = new ArrayList<>(List.of(found.toString()));
        command.addAll(List.of(arguments));
        if (!program.equals("mariadb") && "root".equals(System.getProperty("user.name"))) {
            command.add("--user=root");
        }
        return command;
    }
}
