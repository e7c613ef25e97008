package io.p2phost.agent.command;

import io.p2phost.agent.ExitCode;
import io.p2phost.agent.Time;
import io.p2phost.agent.cell.Confinement;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.HomeLock;
import io.p2phost.agent.home.HostNodeConf;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code p2p-host consent}: what runs on this machine, what it sees and costs; agreed to or taken back. */
@Command(
        name = "consent",
        mixinStandardHelpOptions = true,
        description = "Show what runs here, what it sees and costs, and how to leave; agree or take it back.")
final class ConsentCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @ArgGroup(exclusive = true)
    private @Nullable Word word;

    @Spec
    private @Nullable CommandSpec spec;

    /** One or the other. */
    private static final class Word {
        @Option(names = "--accept", description = "You have read it and agree.")
        private boolean accept;

        @Option(names = "--withdraw", description = "You do not agree any more: nothing is started from now on.")
        private boolean withdraw;
    }

    @Override
    public Integer call() {
        PrintWriter out = Console.out(spec);
        AgentHome agentHome = home.home();
        agentHome.readIdentity();
        if (word != null && word.withdraw) {
            boolean was = Consent.file(agentHome).withdraw();
            out.println(was ? "Taken back: nothing is started any more." : "There was none.");
            if (HomeLock.isTaken(agentHome)) {
                out.println("An agent runs in this home: end it, or pause it with p2p-host pause.");
            }
            return ExitCode.OK.code();
        }
        HostNodeConf conf = HostNodeConf.read(agentHome.hostNodeConf());
        Confinement confinement = Confinement.detect(
                Confinement.forReal(),
                conf.cpuLimit(),
                Runtime.getRuntime().availableProcessors(),
                agentHome.directory());
        out.println(Consent.text(conf, confinement, Locale.getDefault()));
        if (word != null) {
            Consent.file(agentHome).give(Consent.VERSION, Time.system().instant());
            out.println("You agreed.");
        } else {
            out.println(
                    Consent.file(agentHome).isGiven(Consent.VERSION)
                            ? "You have agreed to this."
                            : "You have not agreed to this yet: p2p-host consent --accept.");
        }
        return ExitCode.OK.code();
    }
}
