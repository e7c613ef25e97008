package io.p2phost.standalone;

import io.p2phost.standalone.suite.ServiceSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code ./p2p up|down|status}. The script in front of it finds Java, builds, and passes as system properties where the
 * dist ({@code p2p.dist}), the usual home ({@code p2p.home}) and the user ({@code p2p.cwd}) are, and whether a person
 * looks on ({@code p2p.terminal}).
 */
public final class Main {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_WORDS = 2;
    static final int NOT_RUNNING = 3;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args), ServiceSpec.ALL));
    }

    /** Carries out one command; returns the exit status. {@code up} returns when the suite has stopped. */
    static int run(List<String> args, List<ServiceSpec> services) {
        String command = args.isEmpty() ? "help" : args.getFirst();
        Path cwd = Path.of(System.getProperty("p2p.cwd", "")).toAbsolutePath();
        Path usualHome =
                Path.of(System.getProperty("p2p.home", cwd.resolve(".p2p").toString()));
        Options options;
        try {
            options = Options.parse(command, args.subList(Math.min(1, args.size()), args.size()), cwd, usualHome);
        } catch (Refusal e) {
            System.err.println(e.sentence());
            return WRONG_WORDS;
        }
        try {
            return switch (command) {
                case "up" -> new UpCommand(options, cwd, services).run();
                case "down" -> new DownCommand(options.home()).run();
                default -> new StatusCommand(options).run();
            };
        } catch (Refusal e) {
            System.err.println(e.sentence());
            return FAILED;
        }
    }
}
