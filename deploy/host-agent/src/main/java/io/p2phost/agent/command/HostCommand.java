package io.p2phost.agent.command;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.AgentVersion;
import io.p2phost.agent.ExitCode;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code p2p-host}, of which the commands are parts. */
@Command(
        name = "p2p-host",
        mixinStandardHelpOptions = true,
        versionProvider = HostCommand.Version.class,
        description = "Lend this machine to a server as a place for maps.",
        subcommands = {
            EnrollCommand.class,
            ConsentCommand.class,
            RunCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            UnenrollCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, or stopped as asked",
            "1:a fault nobody foresaw",
            "2:wrong command line",
            "3:this machine is below what the server asks",
            "4:banned",
            "5:the home folder: not enrolled, enrolled already, in use, unreadable",
            "6:refused by the server",
            "7:the server cannot be reached",
            "8:status: no agent is running",
            "9:stopped as asked, before all maps were handed back",
            "10:run: its owner has not agreed to what would run"
        })
public final class HostCommand {
    private HostCommand() {}

    /** Runs the command line and returns its exit code. */
    public static int execute(String... args) {
        return commandLine().execute(args);
    }

    /** The command line with the given outputs; for tests. */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        return commandLine().setOut(out).setErr(err).execute(args);
    }

    private static CommandLine commandLine() {
        return new CommandLine(new HostCommand())
                .setExecutionExceptionHandler((e, commandLine, parsed) -> failed(e, commandLine.getErr()))
                .setParameterExceptionHandler((e, args) -> {
                    PrintWriter err = e.getCommandLine().getErr();
                    err.println(e.getMessage());
                    err.println("Try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
                    return ExitCode.USAGE.code();
                });
    }

    private static int failed(@Nullable Exception e, PrintWriter err) {
        if (e instanceof AgentFailure failure) {
            err.println(failure.getMessage());
            return failure.exitCode().code();
        }
        LoggerFactory.getLogger(HostCommand.class).error("unexpected", e);
        err.println("unexpected: " + e);
        return ExitCode.FAILED.code();
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"p2p-host " + AgentVersion.current()};
        }
    }
}
