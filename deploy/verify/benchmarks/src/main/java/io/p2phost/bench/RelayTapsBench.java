package io.p2phost.bench;

import io.p2phost.contracts.ServiceName;
import io.p2phost.links.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What looking at the packets of a host's map costs the relay: a recorded hunt for each of a full map's players, through
 * their host's tunnel, with and without taps.
 */
final class RelayTapsBench implements Bench {
    private static final int PLAYERS = 100;
    private static final int MESSAGES_PER_SECOND = 2_000;
    /** One in so many messages is the player's own. */
    private static final int UP_EVERY = 5;

    private static final Duration WARM_UP = Duration.ofSeconds(12);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final String RIVAL = "the same without taps";

    private record Measured(int round, boolean taps, double cpuMicros, long observations) {
        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("round", round);
            figures.put("taps", taps);
            figures.put("cpuMicrosPerMessage", cpuMicros);
            figures.put("observations", observations);
            return figures;
        }
    }

    @Override
    public String name() {
        return "relay-taps";
    }

    @Override
    public String what() {
        return PLAYERS + " players hunt on a host's map: the relay's CPU per message, beside " + RIVAL;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        Path folder = Files.createTempDirectory("p2p-bench-");
        tls(folder);
        List<Measured> all = new ArrayList<>();
        try {
            Forwarder.stayOff();
            for (int round = 1; round <= rounds; round++) {
                // Who is first changes, so that a machine that slows down does not favour one.
                for (boolean taps : List.of(round % 2 == 1, round % 2 == 0)) {
                    all.add(measure(dist, folder, round, taps));
                }
            }
        } finally {
            StartupBench.delete(folder);
        }
        return new Outcome(
                name(),
                Figures.median(cpu(all, true)),
                Figures.median(cpu(all, false)),
                RIVAL,
                "cpu-us-per-message",
                rounds,
                List.of(Figures.spread("with taps", cpu(all, true)), Figures.spread("without", cpu(all, false))),
                all.stream().map(Measured::figures).toList());
    }

    /** Keys and certificates of both ends. */
    static void tls(Path folder) throws Exception {
        TestAuthority authority = new TestAuthority();
        TlsFolder.write(folder.resolve("relay"), authority.service(ServiceName.RELAY));
        TlsFolder.write(folder.resolve("host"), authority.host(RelayServer.HOST));
    }

    private static List<Double> cpu(List<Measured> all, boolean taps) {
        return all.stream()
                .filter(measured -> measured.taps == taps)
                .map(Measured::cpuMicros)
                .toList();
    }

    private static Measured measure(Path dist, Path folder, int round, boolean taps) throws Exception {
        RelayHunt hunt = new RelayHunt();
        try (RelayEnds ends = new RelayEnds();
                Forwarder relay = relay(dist, folder, ends.mapServer(), taps);
                Forwarder host = host(dist, folder, relay.ask("tunnels"), ends.mapServer())) {
            String up = relay.ask("up");
            if (!up.equals("up") || host.process() == null) {
                throw new IOException("the host's tunnel: " + up);
            }
            ends.join(relay.port(), PLAYERS);
            ends.steady(hunt, MESSAGES_PER_SECOND, UP_EVERY, WARM_UP);
            double before = relay.use().cpuSeconds();
            RelayEnds.Result load = ends.steady(hunt, MESSAGES_PER_SECOND, UP_EVERY, MEASURED);
            double cpu = relay.use().cpuSeconds() - before;
            long observations = Long.parseLong(relay.ask("observations"));
            if (taps != observations > 0) {
                throw new IOException(
                        "observations: " + observations + " (expected: " + (taps ? "some" : "none") + ")");
            }
            Measured measured = new Measured(round, taps, cpu * 1e6 / load.messages(), observations);
            System.out.printf(
                    Locale.ROOT,
                    "round %d  %-12s  %d messages in %.1f s  %5.2f CPU s  %6.2f CPU us a message  %d observations%n",
                    round,
                    taps ? "with taps" : "without taps",
                    load.messages(),
                    load.seconds(),
                    cpu,
                    measured.cpuMicros,
                    observations);
            return measured;
        }
    }

    static Forwarder relay(Path dist, Path folder, int mapServer, boolean taps) throws IOException {
        return Forwarder.ours(
                dist,
                ServiceName.RELAY,
                RelayServer.class,
                Integer.toString(mapServer),
                Integer.toString(2 * PLAYERS),
                "100000",
                "100000",
                folder.resolve("relay").toString(),
                Boolean.toString(taps));
    }

    /** The host's end of the tunnel; where it runs is the load's affair. */
    static Forwarder host(Path dist, Path folder, String tunnels, int mapServer) throws IOException {
        Process process = new ProcessBuilder(Forwarder.command(
                        dist,
                        ServiceName.RELAY,
                        TunnelHostEnd.class,
                        folder.resolve("host").toString(),
                        tunnels,
                        Integer.toString(mapServer)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return Forwarder.of(process, mapServer);
    }
}
