package io.p2phost.agent.command;

import io.p2phost.agent.ExitCode;
import io.p2phost.agent.Time;
import io.p2phost.agent.awake.logind.Logind;
import io.p2phost.agent.cell.Confinement;
import io.p2phost.agent.doctor.Examination;
import io.p2phost.agent.doctor.Finding;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.GatewayException;
import io.p2phost.agent.gateway.Messages.Requirements;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HostKey;
import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.oshi.OshiMachine;
import io.p2phost.agent.manners.Preferences;
import io.p2phost.agent.session.TokenKeeper;
import io.p2phost.contracts.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code p2p-host doctor}: requirement by requirement whether this machine may host, and why not; changes nothing. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Check, one by one, what the server asks of a host and what this machine has.")
final class DoctorCommand implements Callable<Integer> {
    /** Few machines have them; a bundle may bring them. */
    private static final List<String> LIBRARIES = List.of("libmariadb.so.3", "libpcre.so.3");

    private static final List<Path> LIBRARY_FOLDERS = Stream.of(
                    "/lib", "/usr/lib", "/lib64", "/usr/lib64", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu")
            .map(Path::of)
            .toList();

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    /** What the server said, or why it said nothing. */
    private record Server(
            @Nullable Duration took,
            String silence,
            @Nullable Duration clockOff,
            @Nullable Requirements requirements) {}

    /** For scripts. */
    private record Report(
            String hostId, boolean eligible, @Nullable Integer tier, Capability machine, List<Finding> findings) {}

    @Override
    public Integer call() {
        AgentHome agentHome = home.home();
        AgentIdentity identity = agentHome.readIdentity();
        HostKey key = agentHome.readKey();
        HostNodeConf conf = HostNodeConf.read(agentHome.hostNodeConf());
        OshiMachine machine = new OshiMachine(identity.gateway(), Time.system()::nanos);
        Capability capability = machine.capability();
        Server server = ask(identity, key);
        Examination examination = Examination.of(
                new Examination.Seen(
                        capability,
                        Confinement.detect(
                                Confinement.forReal(),
                                conf.cpuLimit(),
                                Runtime.getRuntime().availableProcessors(),
                                agentHome.directory()),
                        server.took(),
                        server.silence(),
                        server.clockOff(),
                        agentHome.directory().toFile().getUsableSpace(),
                        LIBRARIES.stream().filter(DoctorCommand::isMissing).toList(),
                        machine.onBattery(),
                        Preferences.read(agentHome.mannersConf()).keepAwake() ? Logind.isThere() : null),
                server.requirements());
        if (json) {
            Console.out(spec)
                    .println(Json.mapper()
                            .writeValueAsString(new Report(
                                    identity.hostId().value(),
                                    examination.eligible(),
                                    examination.tier().isPresent()
                                            ? examination.tier().getAsInt()
                                            : null,
                                    capability,
                                    examination.findings())));
        } else {
            print(Console.out(spec), identity, examination);
        }
        if (server.took() == null) {
            return ExitCode.UNREACHABLE.code();
        }
        return (examination.eligible() ? ExitCode.OK : ExitCode.BELOW_MINIMUM).code();
    }

    private static Server ask(AgentIdentity identity, HostKey key) {
        Time time = Time.system();
        try (GatewayClient gateway = new GatewayClient(identity.gateway(), time)) {
            TokenKeeper tokens = new TokenKeeper(gateway, identity.hostId(), key, time);
            String token = tokens.current();
            long asked = time.nanos();
            Requirements requirements = gateway.requirements(identity.hostId(), token);
            Duration took = Duration.ofNanos(time.nanos() - asked);
            return new Server(took, "", Duration.between(gateway.serverNow(), time.instant()), requirements);
        } catch (GatewayException e) {
            return new Server(null, String.valueOf(e.getMessage()), null, null);
        }
    }

    private static boolean isMissing(String library) {
        return LIBRARY_FOLDERS.stream().noneMatch(folder -> Files.exists(folder.resolve(library)));
    }

    private static void print(PrintWriter out, AgentIdentity identity, Examination examination) {
        out.println("host " + identity.hostId() + " (" + identity.name() + ", " + identity.region() + ")");
        for (Finding finding : examination.findings()) {
            out.println(mark(finding.verdict()) + finding.what() + ": " + finding.found()
                    + (finding.required().isEmpty() ? "" : " (" + finding.required() + ")"));
            if (!finding.advice().isEmpty()) {
                out.println("          " + finding.advice());
            }
        }
        if (examination.eligible()) {
            out.println("This machine may host maps, up to tier "
                    + examination.tier().orElseThrow() + ".");
        } else {
            out.println("This machine may not host maps as it is: see the lines marked NO.");
        }
    }

    private static String mark(Finding.Verdict verdict) {
        return switch (verdict) {
            case MET -> "  ok      ";
            case NOT_MET -> "  NO      ";
            case WORSE -> "  could   ";
            case UNKNOWN -> "  ?       ";
        };
    }
}
