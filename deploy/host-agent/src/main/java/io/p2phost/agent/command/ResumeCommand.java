package io.p2phost.agent.command;

import io.p2phost.agent.ExitCode;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.PauseFile;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code p2p-host resume}: takes a pause back. */
@Command(name = "resume", mixinStandardHelpOptions = true, description = "Take a pause back.")
final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        AgentHome agentHome = home.home();
        agentHome.readIdentity();
        boolean paused = new PauseFile(agentHome.pauseFile()).resume();
        Console.out(spec).println(paused ? "resumed" : "there was no pause");
        return ExitCode.OK.code();
    }
}
