package io.p2phost.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A packaged agent in the small form: from its start to the first player on its map, with the bundle on its disk, beside
 * the start of the map-server alone; what it takes of a core and of memory while nobody plays. A round is a start.
 */
final class AgentBench implements Bench {
    private static final int PORT_OFFSET = 9_000;
    private static final String RIVAL = "start of the map-server alone";
    private static final Pattern RESULT =
            Pattern.compile("ours=(?<ours>[0-9.]+) rival=(?<rival>[0-9.]+) unit=s rounds=\\d+"
                    + " idlePercent=(?<idle>[0-9.]+) heapMegabytes=(?<heap>[0-9.]+)");

    @Override
    public String name() {
        return "agent";
    }

    @Override
    public String what() {
        return "from an agent's start to the first player on its map, beside the " + RIVAL + "; idle cost and heap";
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        Path home = Files.createTempDirectory("p2p-agent-");
        try {
            StartupBench.p2p(
                    dist,
                    // The simulated clients are of a version that bears it.
                    Map.of("P2P_RELAY_SPLICE_VERSIONS", "20200401"),
                    "up",
                    "--detach",
                    "--home",
                    home.toString(),
                    "--port-offset",
                    Integer.toString(PORT_OFFSET));
            Outcome outcome = outcome(
                    FailoverBench.program(
                            name(),
                            List.of(
                                    "-cp",
                                    dist.resolve("demo") + "/*",
                                    "io.p2phost.demo.AgentLifeMain",
                                    URI.create("http://127.0.0.1:" + (8_080 + PORT_OFFSET))
                                            .toString(),
                                    home.resolve("admin-api-key").toString(),
                                    dist.toString(),
                                    home.resolve("agent").toString(),
                                    Integer.toString(rounds))),
                    rounds);
            StartupBench.p2p(dist, Map.of(), "down", "--home", home.toString());
            StartupBench.delete(home);
            return outcome;
        } catch (IOException e) {
            StartupBench.p2p(dist, Map.of(), "down", "--home", home.toString());
            throw new IOException(e.getMessage() + " (logs are kept in " + home + ")", e);
        }
    }

    private static Outcome outcome(List<String> said, int rounds) throws IOException {
        Matcher result = RESULT.matcher(said.getLast());
        if (!result.matches()) {
            throw new IOException("agent: " + said.getLast() + " (expected: ours=… rival=… idlePercent=…)");
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("idlePercentOfACore", Double.parseDouble(result.group("idle")));
        figures.put("heapMegabytes", Double.parseDouble(result.group("heap")));
        figures.put(
                "eachRound",
                said.stream().filter(line -> line.startsWith("player on it")).toList());
        return new Outcome(
                "agent",
                Double.parseDouble(result.group("ours")),
                Double.parseDouble(result.group("rival")),
                RIVAL,
                "s",
                rounds,
                List.of(),
                List.of(figures),
                "idle=" + figures.get("idlePercentOfACore") + "% heap=" + figures.get("heapMegabytes") + "MB");
    }
}
