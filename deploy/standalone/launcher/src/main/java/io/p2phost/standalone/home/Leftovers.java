package io.p2phost.standalone.home;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Processes that an earlier launcher left behind because it was killed. */
public final class Leftovers {
    /** Pid files of these are stopped last, in this order: services need the broker, everything needs the database. */
    private static final List<String> LAST = List.of("kafka", "postgresql");

    private static final String LAUNCHER = "launcher";

    /**
     * One process that was left.
     *
     * @param name the part it runs
     */
    public record Leftover(String name, ProcessHandle process) {}

    private Leftovers() {}

    /** What still lives, in the order in which to stop it. */
    public static List<Leftover> find(Home home) throws IOException {
        List<Leftover> found = new ArrayList<>();
        if (!Files.isDirectory(home.run())) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(home.run(), "*.pid")) {
            for (Path file : files) {
                String name = file.getFileName().toString().replaceFirst("\\.pid$", "");
                if (!name.equals(LAUNCHER)) {
                    PidFile.living(file).ifPresent(process -> found.add(new Leftover(name, process)));
                }
            }
        }
        if (found.stream().noneMatch(l -> l.name().equals("postgresql"))) {
            postmaster(home).ifPresent(process -> found.add(new Leftover("postgresql", process)));
        }
        found.sort(Comparator.comparingInt(l -> LAST.indexOf(l.name())));
        return found;
    }

    /** Stops them one after another and forgets their pid files. */
    public static List<Leftover> stop(Home home) throws IOException {
        List<Leftover> found = find(home);
        for (Leftover leftover : found) {
            if (leftover.name().equals("postgresql")) {
                Signals.stopPostgresql(leftover.process());
            } else {
                Signals.stop(leftover.process(), Duration.ofSeconds(15));
            }
            Files.deleteIfExists(home.pidFile(leftover.name()));
        }
        return found;
    }

    /** PostgreSQL's own note of who serves the data folder; it survives the loss of ours. */
    private static Optional<ProcessHandle> postmaster(Home home) throws IOException {
        Path file = home.postgresql().resolve("postmaster.pid");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < 3) {
            return Optional.empty();
        }
        try {
            long pid = Long.parseLong(lines.get(0).strip());
            long startSecond = Long.parseLong(lines.get(2).strip());
            // PostgreSQL notes its start a moment after the process began.
            return ProcessHandle.of(pid)
                    .filter(Signals::runs)
                    .filter(process -> process.info()
                            .startInstant()
                            .map(start -> Math.abs(start.getEpochSecond() - startSecond) <= 30)
                            .orElse(false))
                    .filter(process -> process.info()
                            .command()
                            .map(command -> command.contains("postgres"))
                            .orElse(true));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
