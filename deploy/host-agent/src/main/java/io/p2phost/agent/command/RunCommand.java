package io.p2phost.agent.command;

import io.p2phost.agent.AgentFailure;
import io.p2phost.agent.ExitCode;
import io.p2phost.agent.Time;
import io.p2phost.agent.awake.Awake;
import io.p2phost.agent.awake.logind.Logind;
import io.p2phost.agent.bundle.BundleKeeper;
import io.p2phost.agent.bundle.BundleStore;
import io.p2phost.agent.bundle.GatewayBundles;
import io.p2phost.agent.cell.Bundle;
import io.p2phost.agent.cell.BundleSupply;
import io.p2phost.agent.cell.CellHouse;
import io.p2phost.agent.cell.Confinement;
import io.p2phost.agent.cell.PidFiles;
import io.p2phost.agent.cell.ScratchSql;
import io.p2phost.agent.gateway.GatewayAddress;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HomeLock;
import io.p2phost.agent.home.HostKey;
import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.home.PauseFile;
import io.p2phost.agent.link.AgentLinks;
import io.p2phost.agent.link.HostPort;
import io.p2phost.agent.link.net.NetLinks;
import io.p2phost.agent.machine.oshi.OshiMachine;
import io.p2phost.agent.manners.Manners;
import io.p2phost.agent.manners.Preferences;
import io.p2phost.agent.manners.TrafficCount;
import io.p2phost.agent.manners.local.LocalSenses;
import io.p2phost.agent.run.Agent;
import io.p2phost.agent.serving.LocalServer;
import io.p2phost.agent.session.Next;
import io.p2phost.agent.session.TokenKeeper;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code p2p-host run}: hosts maps until stopped. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Host maps until stopped.")
final class RunCommand implements Callable<Integer> {
    private static final int LONGEST_DRAIN_SECONDS = 900;

    /** The server gives one host no more maps, standbys included. */
    private static final int MOST_CELLS = 256;

    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(
            names = "--serve",
            paramLabel = "MAP=HOST:PORT",
            description = "A map and the address of a map-server that runs it already. May be repeated.")
    private List<String> serve = new ArrayList<>();

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            description = "An unpacked bundle: the agent runs its map-server for every map of it that it is given"
                    + " (default: the one that the server publishes).")
    private @Nullable Path bundle;

    @Option(
            names = "--download-rate",
            paramLabel = "MB",
            defaultValue = "8",
            description = "Most megabytes per second for fetching bundles (default: ${DEFAULT-VALUE}).")
    private int downloadRate = 8;

    @Option(
            names = "--char-link",
            paramLabel = "HOST:PORT",
            description = "Where char links go, instead of the address the server gives.")
    private @Nullable String charLink;

    @Option(
            names = "--char-port",
            paramLabel = "MAP=PORT",
            description = "Local port at which that map's map-server finds its char-server (default: a free one).")
    private Map<String, Integer> charPort = new LinkedHashMap<>();

    @Option(
            names = "--status-file",
            paramLabel = "FILE",
            description = "Where the status is written (default: status.json in the home).")
    private @Nullable Path statusFile;

    @Option(names = "--accept-consent", description = "You have read p2p-host consent and agree: nobody is asked.")
    private boolean acceptConsent;

    @Option(
            names = "--drain-seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How long a stop waits until the server has moved all maps (default: ${DEFAULT-VALUE}).")
    private int drainSeconds = 20;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (downloadRate < 1 || downloadRate > 10_000) {
            throw new AgentFailure(
                    ExitCode.USAGE,
                    "--download-rate: " + downloadRate + " (expected: 1 to 10000 megabytes per second)");
        }
        if (drainSeconds < 0 || drainSeconds > LONGEST_DRAIN_SECONDS) {
            throw new AgentFailure(
                    ExitCode.USAGE,
                    "--drain-seconds: " + drainSeconds + " (expected: 0 to " + LONGEST_DRAIN_SECONDS + ")");
        }
        List<LocalServer> servers = parseServers();
        @Nullable HostPort charLinkOverride = parseCharLink();
        Map<MapName, Integer> charPorts = parseCharPorts();
        AgentHome agentHome = home.home();
        AgentIdentity identity = agentHome.readIdentity();
        GatewayAddress.parse(identity.gateway().toString());
        HostKey key = agentHome.readKey();
        HostNodeConf conf = HostNodeConf.read(agentHome.hostNodeConf());
        Preferences preferences = Preferences.read(agentHome.mannersConf());
        if (bundle != null || servers.isEmpty()) {
            // Before anything is fetched or started.
            Consent.require(
                    agentHome,
                    conf,
                    confinement(conf, agentHome.directory()),
                    acceptConsent,
                    Consent.ON_TERMINAL,
                    Console.out(spec),
                    Time.system().instant());
        }
        try (HomeLock lock = HomeLock.take(agentHome)) {
            // Before anything else: they may still hold links and players that are others' by now.
            new PidFiles(agentHome.cells()).killLeft();
            Time time = Time.system();
            Agent.Settings settings = new Agent.Settings(
                    identity,
                    key,
                    conf,
                    servers,
                    agentHome.assignmentsFile(),
                    statusFile == null ? agentHome.statusFile() : statusFile);
            AgentLinks links = new NetLinks(identity.hostId(), conf.maxPlayers(), charLinkOverride, charPorts);
            OshiMachine machine = new OshiMachine(identity.gateway(), time::nanos);
            Awake awake = preferences.keepAwake() ? new Awake(new Logind(), time) : Awake.never(time);
            Manners manners = manners(agentHome, conf, preferences, machine, awake, time);
            log.info("host {} for {}, serving {}", identity.hostId(), identity.gateway(), names(servers));
            if (bundle == null && !servers.isEmpty()) {
                return runUntilStopped(new Agent(settings, machine, manners, awake, links, time, Agent.Hosting.NONE));
            }
            Function<Agent.Hosting, Agent> agent =
                    hosting -> new Agent(settings, machine, manners, awake, links, time, hosting);
            if (bundle != null) {
                return runCells(BundleSupply.fixed(Bundle.read(bundle)), agentHome, agent, conf);
            }
            try (GatewayClient gateway = new GatewayClient(identity.gateway(), time);
                    BundleKeeper bundles = published(
                            agentHome, gateway, new TokenKeeper(gateway, identity.hostId(), key, time), time)) {
                return runCells(bundles, agentHome, agent, conf);
            }
        }
    }

    /** What the server publishes, as far as the key says so that it gave at enrolment. */
    private BundleKeeper published(AgentHome agentHome, GatewayClient gateway, TokenKeeper token, Time time) {
        return BundleKeeper.open(
                new BundleStore(
                        agentHome.bundles(),
                        agentHome.readBundleKey(),
                        new GatewayBundles(gateway, token),
                        downloadRate * 1_000_000L,
                        time),
                BundleKeeper.EVERY);
    }

    private int runCells(
            BundleSupply bundles, AgentHome agentHome, Function<Agent.Hosting, Agent> agent, HostNodeConf conf) {
        Bundle unpacked = bundles.bundle();
        Path folder = cellsFolder(agentHome);
        Confinement confinement = confinement(conf, folder);
        log.info("bundle {} at {}", inWords(unpacked), unpacked.directory());
        confinement.describe().forEach(note -> log.info("cells: {}", note));
        try (ScratchSql sql = ScratchSql.open(MOST_CELLS);
                CellHouse house = CellHouse.open(bundles, folder, confinement, sql, Time.system())) {
            return runUntilStopped(
                    agent.apply(new Agent.Hosting(house, () -> inWords(bundles.bundle()), confinement.describe())));
        }
    }

    private static String inWords(Bundle bundle) {
        return bundle.version() + ", " + bundle.maps().size() + " maps";
    }

    private static Confinement confinement(HostNodeConf conf, Path folder) {
        return Confinement.detect(
                Confinement.forReal(), conf.cpuLimit(), Runtime.getRuntime().availableProcessors(), folder);
    }

    private static Path cellsFolder(AgentHome agentHome) {
        try {
            return CellHouse.makeFolder(agentHome.cells());
        } catch (IOException e) {
            throw new AgentFailure(ExitCode.HOME, "home: " + agentHome.cells() + " cannot be made: " + e, e);
        }
    }

    private static Manners manners(
            AgentHome home, HostNodeConf conf, Preferences preferences, OshiMachine machine, Awake awake, Time time) {
        ZoneId zone = ZoneId.systemDefault();
        TrafficCount traffic =
                preferences.monthlyGigabytes().isPresent() ? new TrafficCount(home.trafficFile(), time, zone) : null;
        return new Manners(
                preferences,
                conf,
                new LocalSenses(preferences, machine, time),
                new PauseFile(home.pauseFile())::until,
                awake::isGoingToSleep,
                traffic,
                time,
                zone);
    }

    private int runUntilStopped(Agent agent) {
        Next.End end;
        try (Stopping stopping = Stopping.of(agent, Duration.ofSeconds(drainSeconds))) {
            end = agent.run();
        }
        if (end.code() != ExitCode.OK) {
            throw new AgentFailure(end.code(), end.message());
        }
        return ExitCode.OK.code();
    }

    private List<LocalServer> parseServers() {
        try {
            List<LocalServer> servers = serve.stream().map(LocalServer::parse).toList();
            if (servers.stream().map(LocalServer::map).distinct().count() < servers.size()) {
                throw new AgentFailure(ExitCode.USAGE, "--serve: a map is named twice (expected: each map once)");
            }
            return servers;
        } catch (IllegalArgumentException e) {
            throw new AgentFailure(ExitCode.USAGE, "--serve: " + e.getMessage(), e);
        }
    }

    private @Nullable HostPort parseCharLink() {
        try {
            return charLink == null ? null : HostPort.parse(charLink);
        } catch (IllegalArgumentException e) {
            throw new AgentFailure(ExitCode.USAGE, "--char-link: " + e.getMessage(), e);
        }
    }

    private Map<MapName, Integer> parseCharPorts() {
        Map<MapName, Integer> ports = new LinkedHashMap<>();
        charPort.forEach((map, port) -> {
            if (port == null || port < 1 || port > 65_535) {
                throw new AgentFailure(ExitCode.USAGE, "--char-port: " + port + " (expected: MAP=1..65535)");
            }
            try {
                ports.put(MapName.of(map), port);
            } catch (IllegalArgumentException e) {
                throw new AgentFailure(ExitCode.USAGE, "--char-port: " + e.getMessage(), e);
            }
        });
        return ports;
    }

    private static String names(List<LocalServer> servers) {
        return servers.stream().map(server -> server.map().value()).collect(Collectors.joining(", "));
    }
}
