package io.p2phost.agent.command;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Where commands write. */
final class Console {
    private Console() {}

    static PrintWriter out(@Nullable CommandSpec spec) {
        return commandLine(spec).getOut();
    }

    private static CommandLine commandLine(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec).commandLine();
    }

    /** The answer of whoever sits at the terminal; null where nobody does. */
    @SuppressWarnings("SystemConsoleNull") // Null is still what its signature says.
    static @Nullable String ask(String question) {
        java.io.Console console = System.console();
        return console == null || !console.isTerminal() ? null : console.readLine("%s", question);
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentFailure(ExitCode.FAILED, "interrupted", e);
        }
    }
}
