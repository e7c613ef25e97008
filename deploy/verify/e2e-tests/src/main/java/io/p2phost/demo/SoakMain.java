package io.p2phost.demo;

import io.p2phost.chaos.Namespace;
import io.p2phost.contracts.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./p2p soak}. Exit codes: 0 all held, 1 something did not, 2 wrong command line or not possible here. */
@Command(
        name = "p2p soak",
        mixinStandardHelpOptions = true,
        subcommands = SoakMain.ChaosCommand.class,
        description = "Run for long and look whether all holds.")
public final class SoakMain implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;

    SoakMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new SoakMain())
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(e instanceof DemoFailure ? e.getMessage() : "unexpected: " + e);
                    return FAILED;
                })
                .execute(args));
    }

    @Override
    public Integer call() {
        System.err.println("Which soak? (expected: chaos)");
        return REFUSED;
    }

    @Command(
            name = "chaos",
            mixinStandardHelpOptions = true,
            description = "Packaged agents in network namespaces behind simulated NAT, a packaged suite of their own in"
                    + " processes, simulated game servers and players; faults at random, by a seed. No player's"
                    + " connection may close, nothing stored may be lost, no epoch of a map may have two owners.")
    static final class ChaosCommand implements Callable<Integer> {
        private static final int MOST_MINUTES = 24 * 60;

        @Option(names = "--minutes", paramLabel = "N", description = "How long faults come (default: 3).")
        private int minutes = 3;

        @Option(names = "--seed", paramLabel = "S", description = "Of the faults (default: another each time).")
        private @Nullable Long seed;

        @Option(names = "--json", description = "The result as JSON; what happens is told on standard error.")
        private boolean json;

        @Option(names = "--work", paramLabel = "DIR", description = "Homes and logs (default: a new folder in /tmp).")
        private @Nullable Path work;

        @Override
        public Integer call() throws Exception {
            if (minutes < 1 || minutes > MOST_MINUTES) {
                System.err.println("--minutes: " + minutes + " (expected: 1 to " + MOST_MINUTES + ")");
                return REFUSED;
            }
            Optional<String> whyNot = Namespace.whyNot();
            if (whyNot.isPresent()) {
                System.err.println("soak chaos is not possible here: " + whyNot.get());
                return REFUSED;
            }
            PrintWriter told = new PrintWriter(json ? System.err : System.out, true, StandardCharsets.UTF_8);
            String dist = System.getProperty("p2p.dist");
            if (dist == null) {
                throw new DemoFailure("run it by ./p2p soak chaos");
            }
            Path folder = folder();
            long chosen = seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed;
            Cleanup cleanup = new Cleanup();
            Runtime.getRuntime().addShutdownHook(new Thread(cleanup::run, "put-back"));
            try {
                Chaos chaos = new Chaos(Path.of(dist).toAbsolutePath(), folder, cleanup, new Story(told));
                Chaos.Result result = chaos.run(minutes, chosen);
                cleanup.run().forEach(fault -> told.println("NOT PUT BACK: " + fault));
                result.faults().forEach(fault -> told.println("FAULT: " + fault));
                if (json) {
                    System.out.println(Json.mapper().writeValueAsString(result));
                } else {
                    told.println(result.line());
                }
                if (!result.faults().isEmpty()) {
                    told.println("Logs: " + folder);
                }
                return result.faults().isEmpty() ? 0 : FAILED;
            } catch (DemoFailure e) {
                told.println("FAILED: " + e.getMessage());
                told.println("Seed: " + chosen + ". Logs: " + folder);
                cleanup.run().forEach(fault -> told.println("NOT PUT BACK: " + fault));
                return FAILED;
            }
        }

        private Path folder() throws IOException {
            return (work == null ? Files.createTempDirectory("p2p-chaos-") : Files.createDirectories(work))
                    .toAbsolutePath();
        }
    }
}
