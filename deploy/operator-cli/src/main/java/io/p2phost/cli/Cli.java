package io.p2phost.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

/** Behaviour that both commands share. */
final class Cli {
    private Cli() {}

    /** The process's own surroundings. */
    static Session.World process() {
        return new Session.World(
                System.getenv(),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                () -> new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    }

    /** Errors become one message and an exit code, never a stack trace. */
    static CommandLine configure(CommandLine commandLine, Session.World world) {
        return commandLine
                .setOut(world.out())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(e instanceof CliFailure ? e.getMessage() : "unexpected: " + e);
                    return e instanceof CliFailure failure ? failure.exitCode() : CliFailure.REFUSED;
                })
                .setParameterExceptionHandler((e, args) -> {
                    CommandLine line = e.getCommandLine();
                    line.getErr().println(e.getMessage());
                    line.getErr().println("Try: " + line.getCommandSpec().qualifiedName() + " --help");
                    return CliFailure.USAGE;
                });
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Cli.class.getPackage().getImplementationVersion();
            return new String[] {version == null ? "dev" : version};
        }
    }
}
