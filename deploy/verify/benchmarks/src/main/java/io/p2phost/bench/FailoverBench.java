package io.p2phost.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Players of a machine that is killed with -9: how long until each client is told of its map anew, in the small form, with
 * simulated game servers, agents and clients in processes of their own. A round is a kill.
 */
final class FailoverBench implements Bench {
    private static final int PLAYERS = 50;
    private static final int PORT_OFFSET = 9_000;
    private static final String RIVAL = "ending the connection and logging in anew";
    private static final Pattern RESULT = Pattern.compile(
            "ours=(?<ours>[0-9.]+) rival=(?<rival>[0-9.]+) ratio=\\S+ unit=\\S+ kills=\\d+ players=\\d+ closed=(?<closed>\\d+)");

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public String what() {
        return "a player's machine is killed under " + PLAYERS
                + " players, once a round: time until they are back, beside " + RIVAL;
    }

    @Override
    public Outcome run(Path dist, int kills) throws Exception {
        Path home = Files.createTempDirectory("p2p-failover-");
        // The simulated clients are of a version that bears it.
        Map<String, String> environment = Map.of("P2P_RELAY_SPLICE_VERSIONS", "20200401");
        try {
            StartupBench.p2p(
                    dist,
                    environment,
                    "up",
                    "--detach",
                    "--home",
                    home.toString(),
                    "--port-offset",
                    Integer.toString(PORT_OFFSET));
            Outcome outcome = outcome(play(dist, home, kills), kills);
            StartupBench.p2p(dist, Map.of(), "down", "--home", home.toString());
            StartupBench.delete(home);
            return outcome;
        } catch (IOException e) {
            StartupBench.p2p(dist, Map.of(), "down", "--home", home.toString());
            throw new IOException(e.getMessage() + " (logs are kept in " + home + ")", e);
        }
    }

    private static List<String> play(Path dist, Path home, int kills) throws IOException, InterruptedException {
        return program(
                "failover",
                List.of(
                        "-cp",
                        dist.resolve("demo") + "/*",
                        "io.p2phost.demo.FailoverMain",
                        URI.create("http://127.0.0.1:" + (8_080 + PORT_OFFSET)).toString(),
                        home.resolve("admin-api-key").toString(),
                        dist.toString(),
                        home.resolve("failover").toString(),
                        Integer.toString(PLAYERS),
                        Integer.toString(kills)));
    }

    /** What a Java program says, line by line, as it says it; its failure is thrown. */
    static List<String> program(String name, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> said = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                System.out.println(line);
                said.add(line.strip());
            }
            if (process.waitFor() != 0) {
                throw new IOException(name + ": " + said.getLast());
            }
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    /** From what the program said, the result last. */
    static Outcome outcome(List<String> said, int kills) throws IOException {
        Matcher result = RESULT.matcher(said.getLast());
        if (!result.matches()) {
            throw new IOException("failover: " + said.getLast() + " (expected: ours=… rival=… closed=…)");
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("kills", kills);
        figures.put("players", PLAYERS);
        figures.put("closed", Integer.parseInt(result.group("closed")));
        figures.put(
                "eachKill",
                said.stream().filter(line -> line.startsWith("back on")).toList());
        return new Outcome(
                "failover",
                Double.parseDouble(result.group("ours")),
                Double.parseDouble(result.group("rival")),
                RIVAL,
                "ms-p99",
                kills,
                List.of(),
                List.of(figures),
                "kills=" + kills + " players=" + PLAYERS + " closed=" + figures.get("closed"));
    }
}
