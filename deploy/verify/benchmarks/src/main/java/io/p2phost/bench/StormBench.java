package io.p2phost.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two fifths of many lent machines are lost in one moment: how long until the last of their players is told of his map
 * anew, in the small form, with simulated game servers and clients. The machines are the agent as it is, many in a
 * process. A round is a storm on a suite of its own.
 *
 * @param hosts lent machines, each with a map
 */
record StormBench(int hosts, int players) implements Bench {
    private static final int PORT_OFFSET = 9_500;
    private static final String RIVAL = "ending the connections and logging in anew";
    private static final Pattern RESULT = Pattern.compile(
            "ours=(?<ours>[0-9.]+) rival=(?<rival>[0-9.]+) ratio=\\S+ unit=ms-last hosts=\\d+ vanished=\\d+ players=\\d+"
                    + " closed=(?<closed>\\d+)");

    /** All come from one address here; in life each is at home. */
    private static final Map<String, String> ONE_ADDRESS = Map.ofEntries(
            // The simulated clients are of a version that bears it.
            Map.entry("P2P_RELAY_SPLICE_VERSIONS", "20200401"),
            Map.entry("P2P_RELAY_DOOR_ALLOW", "127.0.0.0/8"),
            Map.entry("P2P_RELAY_HOSTS_MAX_PER_ADDRESS", "2000"),
            Map.entry("P2P_RELAY_HOSTS_PER_SECOND", "1000"),
            Map.entry("P2P_RELAY_HOSTS_BURST", "2000"),
            Map.entry("P2P_RELAY_HOSTS_MAX_PER_NETWORK", "2000"),
            Map.entry("P2P_RELAY_HOSTS_NETWORK_PER_SECOND", "1000"),
            Map.entry("P2P_RELAY_HOSTS_NETWORK_BURST", "2000"),
            Map.entry("P2P_DB_PROXY_HOSTS_MAX_PER_NETWORK", "4000"),
            Map.entry("P2P_DB_PROXY_HOSTS_NETWORK_PER_SECOND", "1000"),
            Map.entry("P2P_DB_PROXY_HOSTS_NETWORK_BURST", "4000"),
            Map.entry("P2P_DB_PROXY_HOSTS_MAX_PER_ADDRESS", "4000"),
            Map.entry("P2P_DB_PROXY_HOSTS_PER_SECOND", "1000"),
            Map.entry("P2P_DB_PROXY_HOSTS_BURST", "4000"),
            Map.entry("P2P_GATEWAY_LIMITS_ADDRESS_PER_SECOND", "1000"),
            Map.entry("P2P_GATEWAY_LIMITS_ADDRESS_BURST", "3000"));

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public String what() {
        return "40 % of " + hosts + " lent machines are lost at once under " + players
                + " players: time until the last one is back, beside " + RIVAL;
    }

    @Override
    public int usualRounds() {
        return 1;
    }

    @Override
    public Bench sized(Map<String, Integer> sizes) {
        return new StormBench(sizes.getOrDefault("hosts", hosts), sizes.getOrDefault("players", players));
    }

    private int vanishing() {
        return Math.max(1, hosts * 2 / 5);
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        List<Map<String, Object>> raw = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            raw.add(figures(storm(dist)));
        }
        return new Outcome(
                name(),
                Figures.median(values(raw, "ours")),
                Figures.median(values(raw, "rival")),
                RIVAL,
                "ms-last",
                rounds,
                List.of(),
                raw);
    }

    private static List<Double> values(List<Map<String, Object>> raw, String figure) {
        return raw.stream().map(row -> (Double) row.get(figure)).toList();
    }

    private List<String> storm(Path dist) throws Exception {
        Path home = Files.createTempDirectory("p2p-storm-");
        try {
            StartupBench.p2p(
                    dist,
                    ONE_ADDRESS,
                    "up",
                    "--detach",
                    "--home",
                    home.toString(),
                    "--port-offset",
                    Integer.toString(PORT_OFFSET));
            // The agent's jars run the machines.
            return FailoverBench.program(
                    "storm",
                    List.of(
                            "-cp",
                            dist.resolve("demo") + "/*" + File.pathSeparator + dist.resolve("agent") + "/*",
                            "io.p2phost.demo.StormMain",
                            "http://127.0.0.1:" + (8_080 + PORT_OFFSET),
                            home.resolve("admin-api-key").toString(),
                            dist.toString(),
                            home.resolve("storm").toString(),
                            Integer.toString(hosts),
                            Integer.toString(vanishing()),
                            Integer.toString(players)));
        } finally {
            StartupBench.p2p(dist, Map.of(), "down", "--home", home.toString());
            StartupBench.delete(home);
        }
    }

    /** From what the program said, the result last. */
    Map<String, Object> figures(List<String> said) throws IOException {
        Matcher result = RESULT.matcher(said.getLast());
        if (!result.matches()) {
            throw new IOException("storm: " + said.getLast() + " (expected: ours=… rival=… closed=…)");
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("hosts", hosts);
        figures.put("vanished", vanishing());
        figures.put("players", players);
        figures.put("ours", Double.parseDouble(result.group("ours")));
        figures.put("rival", Double.parseDouble(result.group("rival")));
        figures.put("closed", Integer.parseInt(result.group("closed")));
        figures.put(
                "said",
                said.stream()
                        .filter(line -> line.matches("(back in the game|on |elsewhere|logged in anew|\\d+ maps on).*"))
                        .toList());
        return figures;
    }
}
