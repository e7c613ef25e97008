package io.p2phost.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./p2p demo}. Exit codes: 0 told to the end, 1 a step failed, 2 wrong command line, 130 interrupted. */
@Command(
        name = "p2p demo",
        mixinStandardHelpOptions = true,
        description =
                "Tell the whole story on the running suite: hosts join, maps go to them, players play there, hosts"
                        + " die and players play on, a host with an old epoch is refused. All game servers and clients in it are"
                        + " simulated; the suite must not have a char-server of its own.")
public final class DemoMain implements Callable<Integer> {
    private static final int FAILED = 1;

    @Option(names = "--gateway", paramLabel = "URL", description = "The gateway (default: http://127.0.0.1:8080).")
    private URI gateway = URI.create("http://127.0.0.1:8080");

    @Option(names = "--key-file", paramLabel = "FILE", description = "Admin key (default: the suite's own).")
    private @Nullable Path keyFile;

    @Option(names = "--work", paramLabel = "DIR", description = "Homes and logs (default: demo in the suite's home).")
    private @Nullable Path work;

    @Option(
            names = "--vps-host",
            paramLabel = "ADDR",
            description = "Address of this machine as the suite sees it, for the operator's simulated game servers"
                    + " (default: 127.0.0.1; with containers, what host.docker.internal is there).")
    private String vpsHost = "127.0.0.1";

    @Option(
            names = "--rathena",
            paramLabel = "DIR",
            description = "A folder in which rAthena was built: the story with stock servers instead of simulated ones"
                    + " (needs MariaDB and a compiler on this machine).")
    private @Nullable Path rathena;

    @Option(
            names = "--openkore",
            paramLabel = "DIR",
            description = "With --rathena: a folder in which OpenKore was built, for one more player.")
    private @Nullable Path openKore;

    @Option(names = "--dist", paramLabel = "DIR", hidden = true, description = "The packaged suite.")
    private @Nullable Path dist;

    private DemoMain() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new DemoMain())
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(e instanceof DemoFailure ? e.getMessage() : "unexpected: " + e);
                    return FAILED;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Path home = property("p2p.home").orElse(Path.of(".p2p"));
        Path folder = work == null ? home.resolve("demo") : work;
        Path suite =
                dist == null ? property("p2p.dist").orElseThrow(() -> new DemoFailure("run it by ./p2p demo")) : dist;
        if (openKore != null && rathena == null) {
            throw new DemoFailure("--openkore: " + openKore + " (expected: together with --rathena)");
        }
        Path keys = (keyFile == null ? home.resolve("admin-api-key") : keyFile).toAbsolutePath();
        Api api = new Api(gateway, key(keys));
        Files.createDirectories(folder);
        Programs programs = new Programs(suite.toAbsolutePath(), folder.toAbsolutePath());
        Cleanup cleanup = new Cleanup();
        Thread onInterrupt = new Thread(() -> putBack(cleanup, out), "put-back");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            int left = Programs.endLeftovers(folder);
            if (left > 0) {
                out.println("Ended " + left + " processes that an earlier demo left.");
            }
            Site site = Site.of(gateway, vpsHost);
            Story story = new Story(out);
            if (rathena == null) {
                new Demo(api, programs, site, cleanup, story).tell();
            } else {
                Optional<Path> kore = Optional.ofNullable(openKore).map(Path::toAbsolutePath);
                new RathenaDemo(api, rathena.toAbsolutePath(), kore, keys, programs, site, cleanup, story).tell();
            }
        } catch (DemoFailure e) {
            out.println();
            out.println("FAILED: " + e.getMessage());
            out.println("Logs of the agents: " + folder);
            putBack(cleanup, out);
            return FAILED;
        }
        return putBack(cleanup, out) ? 0 : FAILED;
    }

    /** Also called on Ctrl-C; what was put back already is not done twice. */
    private static boolean putBack(Cleanup cleanup, PrintWriter out) {
        List<String> faults = cleanup.run();
        faults.forEach(fault -> out.println("NOT PUT BACK: " + fault));
        out.flush();
        return faults.isEmpty();
    }

    private static String key(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new DemoFailure(
                    "the admin key " + file + " cannot be read (expected: a suite started by ./p2p up)", e);
        }
    }

    private static Optional<Path> property(String name) {
        return Optional.ofNullable(System.getProperty(name)).map(Path::of);
    }
}
