package io.p2phost.demo;

import io.p2phost.agent.gateway.Messages;
import io.p2phost.agent.link.AgentLinks;
import io.p2phost.agent.link.HostPort;
import io.p2phost.agent.serving.ClaimRole;
import io.p2phost.agent.serving.LinkCredentials;
import io.p2phost.agent.serving.LocalServer;
import io.p2phost.agent.serving.Serving;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.MapName;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.MapServerSettings;
import io.p2phost.ro.sim.SimMapServerTcp;
import io.p2phost.ro.sim.SimWorld;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The agent's links of a machine that could run any map: a map's server starts when the machine is given the map, and
 * stays. Its port is at an address of the map's own, so that there is no server for the maps that others have.
 */
final class LentCells implements AgentLinks {
    /** How stock servers save: everybody once in this time. */
    private static final Duration AUTOSAVE = Duration.ofSeconds(StandInMain.STOCK_AUTOSAVE_SECONDS);

    /** What the agent says of a map-server whose port is closed. */
    private static final String NO_ANSWER = "does not answer";

    private final AgentLinks links;
    private final SimWorld world;
    private final Map<MapName, Endpoint> ports;
    private final Map<MapName, Cell> cells = new HashMap<>();
    private volatile @Nullable Serving serving;

    /** A map's port, and its server once there is a char-server for it. */
    private static final class Cell {
        private @Nullable ServerSocket door;
        private @Nullable SimMapServerTcp server;
        private String charServer = "";

        Cell(ServerSocket door) {
            this.door = door;
        }

        void close() throws IOException {
            if (door != null) {
                door.close();
                door = null;
            }
            if (server != null) {
                server.close();
                server = null;
            }
        }
    }

    /** @param ports where each map's server listens */
    LentCells(AgentLinks links, SimWorld world, Map<MapName, Endpoint> ports) {
        this.links = links;
        this.world = world;
        this.ports = Map.copyOf(ports);
    }

    List<LocalServer> servers() {
        return ports.entrySet().stream()
                .map(port -> new LocalServer(
                        port.getKey(), port.getValue().host(), port.getValue().port()))
                .toList();
    }

    /** Opens the ports of maps that the machine was given since the last look. */
    void look() {
        Serving attached = serving;
        if (attached == null) {
            return;
        }
        attached.status().forEach(held -> open(held.map()));
    }

    private void open(MapName map) {
        try {
            cell(map);
        } catch (IOException e) {
            System.err.println(map + ": no port: " + e.getMessage());
        }
    }

    /** How many maps are in each phase. */
    Map<String, Integer> phases() {
        Map<String, Integer> phases = new HashMap<>();
        Serving attached = serving;
        if (attached != null) {
            attached.status().forEach(map -> phases.merge(map.phase().name(), 1, Integer::sum));
        }
        return phases;
    }

    private synchronized Cell cell(MapName map) throws IOException {
        Cell present = cells.get(map);
        if (present != null) {
            return present;
        }
        Endpoint port = port(map);
        ServerSocket door = new ServerSocket();
        door.setReuseAddress(true);
        door.bind(new InetSocketAddress(port.host(), port.port()));
        Cell opened = new Cell(door);
        cells.put(map, opened);
        return opened;
    }

    private Endpoint port(MapName map) throws IOException {
        Endpoint port = ports.get(map);
        if (port == null) {
            throw new IOException(map + " is not of this world");
        }
        return port;
    }

    @Override
    public CharLink open(MapName map, Epoch epoch, ClaimRole role)
            throws FencedException, IOException, InterruptedException {
        CharLink link = links.open(map, epoch, role);
        try {
            serve(map, link.charServerAddress());
        } catch (IOException | RuntimeException e) {
            link.close();
            throw e;
        }
        return link;
    }

    private synchronized void serve(MapName map, String charServer) throws IOException {
        Cell cell = cell(map);
        if (cell.server != null && cell.charServer.equals(charServer)) {
            return;
        }
        cell.close();
        HostPort at = HostPort.parse(charServer);
        cell.charServer = charServer;
        cell.server = new SimMapServerTcp(
                MapServerSettings.stock(
                                StandInMain.USER,
                                StandInMain.USER_PASSWORD,
                                port(map),
                                new Endpoint(Endpoint.address(at.host()), at.port()),
                                List.of(map.value()),
                                1)
                        .withAutosave(AUTOSAVE)
                        .withoutPreventLogout(),
                world,
                port(map));
    }

    @Override
    public void attach(Serving attached) {
        serving = attached;
        links.attach(attached);
    }

    @Override
    public List<TunnelState> tunnels() {
        return links.tunnels();
    }

    /** That the port of a map is not open yet, which nobody needed before, is not worth telling: it is opened now. */
    @Override
    public void ready(MapName map, Epoch epoch, boolean ready, String detail) {
        if (!ready && detail.contains(NO_ANSWER)) {
            open(map);
        } else {
            links.ready(map, epoch, ready, detail);
        }
    }

    @Override
    public void dropStreams(MapName map) {
        links.dropStreams(map);
    }

    @Override
    public void suspend() {
        links.suspend();
    }

    @Override
    public void resume() {
        links.resume();
    }

    @Override
    public int streams(MapName map) {
        return links.streams(map);
    }

    @Override
    public void configure(List<Messages.Relay> relays, Messages.@Nullable DbProxy dbProxy) {
        links.configure(relays, dbProxy);
    }

    @Override
    public void credentials(LinkCredentials credentials) {
        links.credentials(credentials);
    }

    @Override
    public String charServerAddress(MapName map) throws IOException {
        return links.charServerAddress(map);
    }

    @Override
    public double latencyMillis() {
        return links.latencyMillis();
    }

    @Override
    public void close() {
        links.close();
    }
}
