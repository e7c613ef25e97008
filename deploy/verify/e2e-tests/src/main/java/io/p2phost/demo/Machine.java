package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A machine that its owner lends: an agent, and for each map a map-server that knows its char-server at the port at which
 * the agent's char link listens, as a player's rAthena does. All can die and come back at the same ports.
 */
final class Machine {
    private static final String LOOPBACK = "127.0.0.1";

    private final String name;
    private final Path home;
    private final DemoWorld world;
    private final Programs programs;
    private final Map<String, Cell> cells = new LinkedHashMap<>();
    private final Map<String, Programs.StandIn> servers = new LinkedHashMap<>();
    private String hostId = "";
    private @Nullable Process agent;

    /** Where a map's server listens, and where it looks for its char-server. */
    private record Cell(Endpoint listens, Endpoint charLink) {}

    Machine(String name, Path home, DemoWorld world, Programs programs, Ports ports) {
        this.name = name;
        this.home = home;
        this.world = world;
        this.programs = programs;
        for (String map : List.of(world.first(), world.second())) {
            cells.put(map, new Cell(ports.free(LOOPBACK), ports.free(LOOPBACK)));
        }
    }

    String name() {
        return name;
    }

    Path home() {
        return home;
    }

    String hostId() {
        return hostId;
    }

    void enrolled(String id) {
        hostId = id;
    }

    Path log() {
        return programs.log(name);
    }

    /** Its map-servers; each tries every ten seconds to reach its char-server, as a stock one does. */
    void startServers() throws IOException {
        for (Map.Entry<String, Cell> cell : cells.entrySet()) {
            String map = cell.getKey();
            servers.put(
                    map,
                    programs.standIn(
                            name + "-" + map,
                            List.of(
                                    StandInMain.MAP_SERVER,
                                    world.city(),
                                    world.hostedInOneWord(),
                                    map,
                                    cell.getValue().listens().toString(),
                                    cell.getValue().charLink().toString())));
        }
    }

    void startAgent() throws IOException {
        List<String> options = new ArrayList<>();
        cells.forEach((map, cell) -> options.addAll(List.of(
                "--serve",
                map + "=" + cell.listens(),
                "--char-port",
                map + "=" + cell.charLink().port())));
        agent = programs.agent(name, home, options);
    }

    boolean agentRuns() {
        return agent().isAlive();
    }

    int agentsExitCode() {
        return agent().exitValue();
    }

    private Process agent() {
        if (agent == null) {
            throw new DemoFailure(name + "'s agent is not there yet");
        }
        return agent;
    }

    /** kill -9 of everything on it, the agent first. */
    void kill() {
        Programs.killTree(agent());
        servers.values().forEach(server -> Programs.killTree(server.process()));
    }

    /** Whether its server of this map has the player. */
    boolean plays(String map, Player player) {
        Programs.StandIn server = servers.get(map);
        return server != null && server.plays(map, player);
    }
}
