package io.p2phost.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A machine that its owner lends: an agent of the packaged suite, which runs the bundle's map-servers. */
final class Machine {
    /** Between the end of an agent and that of its map-servers, which the system sees to. */
    private static final Duration WITH_THE_AGENT = Duration.ofSeconds(3);

    private static final String ORDERS = "log/orders";

    private final String name;
    private final Path home;
    private final @Nullable Path bundle;
    private final Programs programs;
    private String hostId = "";
    private @Nullable Process agent;

    /** @param bundle what its map-servers run from; null: what the suite has released */
    Machine(String name, Path home, @Nullable Path bundle, Programs programs) {
        this.name = name;
        this.home = home;
        this.bundle = bundle;
        this.programs = programs;
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

    void startAgent() throws IOException {
        List<String> options = bundle == null
                ? List.of("--accept-consent")
                : List.of("--accept-consent", "--bundle", bundle.toString());
        agent = programs.agent(name, home, options);
    }

    boolean agentRuns() {
        return agent().isAlive();
    }

    long agentsProcess() {
        return agent().pid();
    }

    /** As its owner does with Ctrl-C: it hands its maps back first. */
    void askToStop() {
        agent().destroy();
    }

    int agentsExitCode() {
        return agent().exitValue();
    }

    Process agent() {
        if (agent == null) {
            throw new DemoFailure(name + "'s agent is not there yet");
        }
        return agent;
    }

    /** Its map-servers, wherever their agent is. */
    List<ProcessHandle> cells() throws IOException {
        List<ProcessHandle> cells = new ArrayList<>();
        Path folder = home.resolve("cells");
        if (!Files.isDirectory(folder)) {
            return cells;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".pid")).toList()) {
                ProcessHandle.of(Long.parseLong(Files.readString(file).split(" ")[0]))
                        .ifPresent(cells::add);
            }
        }
        return cells;
    }

    /**
     * kill -9 of the agent, and of nothing else where its map-servers end with it.
     *
     * @return how many of them did
     */
    int kill() throws IOException, InterruptedException {
        List<ProcessHandle> cells = cells();
        agent().destroyForcibly();
        if (!Files.readString(log()).contains("end: map-servers end with the agent")) {
            // The machine is gone all the same.
            cells.forEach(ProcessHandle::destroyForcibly);
        }
        long until = System.nanoTime() + WITH_THE_AGENT.toNanos();
        while (cells.stream().anyMatch(ProcessHandle::isAlive)) {
            if (System.nanoTime() - until > 0) {
                cells.forEach(ProcessHandle::destroyForcibly);
                throw new DemoFailure("map-servers of " + name + " outlived its agent");
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return cells.size();
    }

    /** Has its map-server of this map cheat, see {@link io.p2phost.ro.sim.stock.StockMapServerMain}. */
    void cheat(String map, String order) throws IOException {
        Path orders = home.resolve("cells").resolve(map).resolve(ORDERS);
        Path whole = orders.resolveSibling("orders.new");
        Files.writeString(whole, order);
        Files.move(whole, orders);
    }

    boolean obeyed(String map, String order) {
        try {
            return CellSaid.of(home, map).lines().stream()
                    .anyMatch(line -> line.startsWith("[Info]: Obeyed: " + order));
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether its server of this map has the player. */
    boolean plays(String map, Player player) {
        try {
            return agent != null && agent.isAlive() && CellSaid.of(home, map).plays(player.name());
        } catch (IOException e) {
            return false;
        }
    }
}
