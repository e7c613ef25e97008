package io.p2phost.agent.command;

import io.p2phost.agent.ExitCode;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.HomeLock;
import io.p2phost.agent.status.AgentStatus;
import io.p2phost.agent.status.StatusFile;
import io.p2phost.contracts.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code p2p-host status}: what the agent of that home does now. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Show what the agent in this home is doing.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--status-file", paramLabel = "FILE", description = "As given to run (default: status.json there).")
    private @Nullable Path statusFile;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        AgentHome agentHome = home.home();
        String hostId = agentHome.readIdentity().hostId().value();
        boolean running = HomeLock.isTaken(agentHome);
        Optional<AgentStatus> status = StatusFile.read(statusFile == null ? agentHome.statusFile() : statusFile);
        PrintWriter out = Console.out(spec);
        if (json) {
            ObjectNode document = status.isPresent()
                    ? Json.mapper().valueToTree(status.get())
                    : Json.mapper().createObjectNode().put("hostId", hostId);
            document.put("running", running);
            out.println(document);
        } else {
            print(out, hostId, running, status);
        }
        return (running ? ExitCode.OK : ExitCode.NOT_RUNNING).code();
    }

    private static void print(PrintWriter out, String hostId, boolean running, Optional<AgentStatus> status) {
        out.println("host     " + hostId);
        if (status.isEmpty()) {
            out.println("agent    " + (running ? "starting" : "not running"));
            return;
        }
        AgentStatus s = status.get();
        out.println("agent    "
                + (running ? s.state() + ", process " + s.pid() : "not running (last seen " + s.updatedAt() + ")"));
        out.println("server   " + s.gateway());
        out.println("tier     " + s.tier() + (s.draining() ? ", draining" : ""));
        if (running && s.leaseExpiresAt() != null) {
            out.println("lease    until " + s.leaseExpiresAt());
        }
        if (s.manners() != null) {
            out.println("manners  " + s.manners().level()
                    + (s.manners().reason().isEmpty() ? "" : ": " + s.manners().reason()));
            s.manners().noEffect().forEach(key -> out.println("         " + key + ": this machine does not show it"));
        }
        for (AgentStatus.MapLine map : s.maps()) {
            out.println("map      " + map.map() + " epoch " + map.epoch() + " "
                    + map.state().toLowerCase(Locale.ROOT) + ", " + map.players() + " players"
                    + (map.detail().isEmpty() ? "" : " (" + map.detail() + ")"));
        }
        if (s.bundle() != null) {
            out.println("bundle   " + s.bundle());
        }
        if (s.cells() != null) {
            s.cells().forEach(note -> out.println("cells    " + note));
        }
        for (AgentStatus.TunnelLine tunnel : s.tunnels()) {
            out.println("relay    " + tunnel.relayId() + " at " + tunnel.address() + " "
                    + (tunnel.connected() ? "connected" : "not connected")
                    + (tunnel.latencyMs() == null ? "" : ", " + tunnel.latencyMs() + " ms"));
        }
        for (AgentStatus.FenceLine fence : s.fenced()) {
            out.println("fenced   " + fence.map() + " epoch " + fence.epoch() + " (current " + fence.currentEpoch()
                    + ") at " + fence.at()
                    + (fence.why() == null || fence.why().isEmpty() ? "" : ": " + fence.why()));
        }
        if (s.lastError() != null) {
            out.println("last error " + s.lastErrorAt() + ": " + s.lastError());
        }
    }
}
