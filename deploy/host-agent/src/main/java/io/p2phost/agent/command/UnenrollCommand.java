package io.p2phost.agent.command;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.Time;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.GatewayException.Refused;
import io.p2phost.agent.gateway.GatewayException.Unreachable;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HomeContents;
import io.p2phost.agent.home.HomeLock;
import io.p2phost.agent.session.TokenKeeper;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code p2p-host unenroll}: the server forgets this host, and everything of it here is removed. */
@Command(
        name = "unenroll",
        mixinStandardHelpOptions = true,
        description = "Leave for good: the server forgets this host, and everything the agent made here is removed.")
final class UnenrollCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--yes", description = "Nobody is asked.")
    private boolean yes;

    @Option(
            names = "--without-server",
            description =
                    "Remove what is here even if the server cannot be told; it keeps the host as one that is away.")
    private boolean withoutServer;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Console.out(spec);
        AgentHome agentHome = home.home();
        AgentIdentity identity = agentHome.readIdentity();
        try (HomeLock lock = HomeLock.take(agentHome)) {
            HomeContents contents = new HomeContents(agentHome);
            List<HomeContents.Entry> entries = contents.entries();
            out.println("Host " + identity.hostId() + " (" + identity.name() + ") at " + identity.gateway()
                    + ". To be removed here:");
            entries.forEach(entry -> out.println("  " + entry.path() + size(entry.bytes())));
            if (!yes && !agreed()) {
                throw new AgentFailure(ExitCode.USAGE, "Nothing was removed (expected: the answer y, or --yes).");
            }
            out.println(tell(agentHome, identity));
            contents.remove(entries);
            List<HomeContents.Entry> left = contents.entries();
            List<java.nio.file.Path> others = contents.others();
            out.println(
                    left.isEmpty() && others.isEmpty()
                            ? "Removed, with the folder."
                            : "Removed. Not the agent's, and left: " + others);
        }
        return ExitCode.OK.code();
    }

    private static boolean agreed() {
        String answer = Console.ask("Remove all this? [y/N] ");
        return answer != null && answer.strip().equalsIgnoreCase("y");
    }

    private String tell(AgentHome agentHome, AgentIdentity identity) {
        Time time = Time.system();
        try (GatewayClient gateway = new GatewayClient(identity.gateway(), time)) {
            TokenKeeper tokens = new TokenKeeper(gateway, identity.hostId(), agentHome.readKey(), time);
            gateway.unenroll(identity.hostId(), tokens.current());
            return "The server has forgotten this host.";
        } catch (Refused e) {
            return switch (e.slug()) {
                case "invalid-grant", "not-found" -> "The server did not know this host any more.";
                case "blacklisted" -> "This host is banned, and the server keeps that.";
                default -> unless("the server refuses: " + e.getMessage(), ExitCode.REFUSED, e);
            };
        } catch (Unreachable e) {
            return unless(String.valueOf(e.getMessage()), ExitCode.UNREACHABLE, e);
        }
    }

    private String unless(String fault, ExitCode code, Exception cause) {
        if (withoutServer) {
            return "The server was not told (" + fault + "): it keeps this host as one that is away.";
        }
        throw new AgentFailure(
                code, fault + "; nothing was removed (expected: try again later, or --without-server)", cause);
    }

    private static String size(long bytes) {
        return bytes < 1_000_000 ? "" : String.format(Locale.ROOT, " (%.0f MB)", bytes / 1e6);
    }
}
