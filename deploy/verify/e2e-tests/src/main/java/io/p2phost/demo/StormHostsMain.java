package io.p2phost.demo;

import io.p2phost.agent.Time;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.Messages.Redemption;
import io.p2phost.agent.home.AgentHome;
import io.p2phost.agent.home.AgentIdentity;
import io.p2phost.agent.home.HostKey;
import io.p2phost.agent.home.HostNodeConf;
import io.p2phost.agent.link.net.NetLinks;
import io.p2phost.agent.machine.Capability;
import io.p2phost.agent.machine.Load;
import io.p2phost.agent.machine.Machine;
import io.p2phost.agent.run.Agent;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.SimWorld;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Many lent machines in one process, so that all are lost at once when it is killed: each with an agent of its own, as
 * {@code p2p-host run} runs it, but for what its machine measures. Each line of its standard input is a question and gets
 * one line of JSON; when standard input ends so does it.
 */
public final class StormHostsMain {
    static final String JOIN = "join";
    static final String PHASES = "phases";

    /** Above the operator's usual minimum; 20 % busy. */
    private static final Machine MACHINE = new Machine() {
        @Override
        public Capability capability() {
            return new Capability(3.2, 4, 8.5, 150, "simulated");
        }

        @Override
        public Load load() {
            return new Load(20, 20, 5, 0);
        }
    };

    private static final Duration LOOK = Duration.ofMillis(200);
    /** Each map of each machine at an address of its own: 127.200.machine.map. */
    private static final int FIRST_ADDRESS = Endpoint.address("127.200.0.0");

    private static final int MOST = 256;

    private final URI gateway;
    private final Path work;
    private final DemoWorld world;
    private final SimWorld simulated;
    private final int port;
    private final List<LentCells> machines = new ArrayList<>();

    private StormHostsMain(URI gateway, Path work, DemoWorld world, int port) {
        this.gateway = gateway;
        this.work = work;
        this.world = world;
        this.simulated = world.simulated();
        this.port = port;
    }

    /** Arguments: {@code GATEWAY FOLDER CITY HOSTED PORT}, the last of all map-servers. */
    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        // Of the agents' log nothing may get between the answers.
        System.setOut(System.err);
        StormHostsMain hosts = new StormHostsMain(
                URI.create(args[0]), Path.of(args[1]), DemoWorld.of(args[2], args[3]), Integer.parseInt(args[4]));
        Thread.ofPlatform().daemon().name("look").start(hosts::look);
        answers.println("started");
        answers.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            answers.println(Json.mapper().writeValueAsString(hosts.answer(line.split(" "))));
            answers.flush();
        }
        Runtime.getRuntime().halt(0);
    }

    private Object answer(String[] words) {
        return switch (words[0]) {
            case JOIN -> join(Integer.parseInt(words[1]), words[2]);
            case PHASES -> phases();
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    /** Enrols the machine by the code and starts its agent; gives the host's id. */
    private String join(int number, String code) {
        String name = "storm" + number;
        AgentHome home = new AgentHome(work.resolve(name));
        home.create();
        HostKey key = home.createOrReadKey();
        HostId hostId;
        try (GatewayClient client = new GatewayClient(gateway, Time.system())) {
            hostId = client.redeem(
                            code, new Redemption(key.publicKeyBase64(), key.signBase64(code), name, Hosts.REGION))
                    .hostId();
        }
        LentCells cells =
                new LentCells(new NetLinks(hostId, OptionalInt.empty(), null, Map.of()), simulated, ports(number));
        Agent agent = new Agent(
                new Agent.Settings(
                        new AgentIdentity(hostId, gateway, name, Hosts.REGION),
                        key,
                        HostNodeConf.NONE,
                        cells.servers(),
                        home.assignmentsFile(),
                        home.statusFile()),
                MACHINE,
                cells,
                Time.system());
        synchronized (machines) {
            machines.add(cells);
        }
        Thread.ofPlatform().daemon().name(name).start(() -> System.err.println(name + ": " + agent.run()));
        return hostId.value().toString();
    }

    private Map<MapName, Endpoint> ports(int number) {
        if (number >= MOST || world.hosted().size() >= MOST) {
            throw new IllegalArgumentException("machines and maps: fewer than " + MOST + " of each are possible");
        }
        Map<MapName, Endpoint> ports = new LinkedHashMap<>();
        for (int i = 0; i < world.hosted().size(); i++) {
            ports.put(MapName.of(world.hosted().get(i)), new Endpoint(FIRST_ADDRESS + (number << 8) + i + 1, port));
        }
        return ports;
    }

    private Map<String, Integer> phases() {
        Map<String, Integer> phases = new TreeMap<>();
        present()
                .forEach(machine -> machine.phases().forEach((phase, maps) -> phases.merge(phase, maps, Integer::sum)));
        return phases;
    }

    private List<LentCells> present() {
        synchronized (machines) {
            return List.copyOf(machines);
        }
    }

    private void look() {
        while (true) {
            present().forEach(LentCells::look);
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
