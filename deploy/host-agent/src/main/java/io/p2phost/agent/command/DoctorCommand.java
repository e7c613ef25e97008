package io.p2phost.agent.command;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.Time;
import io.p2phost.agent.cell.Confinement;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.oshi.OshiMachine;
import io.p2phost.contracts.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code p2p-host doctor}: what the machine measures and whether the server is within reach; changes nothing. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Check this home, what this machine measures, and whether the server can be reached.")
final class DoctorCommand implements Callable<Integer> {
    private static final int CONNECT_MILLIS = 3000;

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--json", description = "Only what this machine measures, as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Console.out(spec);
        AgentHome agentHome = home.home();
        AgentIdentity identity = agentHome.readIdentity();
        agentHome.readKey();
        HostNodeConf conf = HostNodeConf.read(agentHome.hostNodeConf());
        Capability capability = new OshiMachine(identity.gateway(), Time.system()::nanos).capability();
        if (json) {
            out.println(Json.mapper().writeValueAsString(capability));
            return ExitCode.OK.code();
        }
        out.println("host     " + identity.hostId() + " (" + identity.name() + ", " + identity.region() + ")");
        out.println("machine  " + capability.cpuGhz() + " GHz, " + capability.cpuCores() + " cores, "
                + capability.ramGb() + " GB, "
                + (capability.networkMbps() > 0
                        ? capability.networkMbps() + " Mbit/s"
                        : "link speed not told by the driver")
                + ", " + capability.os());
        conf.maxMaps().ifPresent(maps -> out.println("limit    at most " + maps + " maps (host_node.conf)"));
        Confinement.detect(Confinement.forReal(), conf.cpuLimit(), cores(), agentHome.directory())
                .describe()
                .forEach(note -> out.println("cells    " + note));
        int port = identity.gateway().getPort();
        if (port < 0) {
            port = "https".equals(identity.gateway().getScheme()) ? 443 : 80;
        }
        try (Socket socket = new Socket()) {
            long start = System.nanoTime();
            socket.connect(new InetSocketAddress(identity.gateway().getHost(), port), CONNECT_MILLIS);
            out.println("server   " + identity.gateway() + " answers in " + (System.nanoTime() - start) / 1_000_000
                    + " ms");
        } catch (IOException e) {
            throw new AgentFailure(
                    ExitCode.UNREACHABLE, "server: " + identity.gateway() + " cannot be reached: " + e.getMessage(), e);
        }
        return ExitCode.OK.code();
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
