package io.p2phost.bench;

import io.p2phost.contracts.ServiceName;
import io.p2phost.links.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What looking at the packets of a host's map costs the relay: a recorded hunt for each of a full map's players, through
 * their host's tunnel. Timed within, since two runs of the same process differ by more than taps cost.
 */
final class RelayTapsBench implements Bench {
    private static final int PLAYERS = 100;
    private static final int MESSAGES_PER_SECOND = 2_000;
    /** One in so many messages is the player's own. */
    private static final int UP_EVERY = 5;

    /** Both compilers have to be through with it. */
    private static final Duration WARM_UP = Duration.ofSeconds(45);

    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final String RIVAL = "all that the relay does";

    /** CPU microseconds a message. */
    private record Measured(double taps, double all) {}

    @Override
    public String name() {
        return "relay-taps";
    }

    @Override
    public String what() {
        return PLAYERS + " players hunt on a host's map: the taps' CPU per message, beside " + RIVAL;
    }

    @Override
    public Outcome run(Path dist, int rounds) throws Exception {
        Path folder = Files.createTempDirectory("p2p-bench-");
        tls(folder);
        RelayHunt hunt = new RelayHunt();
        List<Measured> all = new ArrayList<>();
        Forwarder.stayOff();
        try (RelayEnds ends = new RelayEnds();
                Forwarder relay = relay(dist, folder, ends.mapServer());
                Forwarder host = host(dist, folder, relay.ask("tunnels"), ends.mapServer())) {
            String up = relay.ask("up");
            if (!up.equals("up")) {
                throw new IOException("tunnel of the host on port " + host.port() + ": " + up);
            }
            ends.join(relay.port(), PLAYERS);
            ends.steady(hunt, MESSAGES_PER_SECOND, UP_EVERY, WARM_UP);
            for (int round = 1; round <= rounds; round++) {
                Measured measured = measure(ends, relay, hunt);
                all.add(measured);
                System.out.printf(
                        Locale.ROOT,
                        "round %d  taps %5.2f of %6.2f CPU us a message, %.1f %%%n",
                        round,
                        measured.taps,
                        measured.all,
                        100 * measured.taps / measured.all);
            }
            if (relay.ask("observations").equals("0")) {
                throw new IOException("observations: 0 (expected: some)");
            }
        } finally {
            StartupBench.delete(folder);
        }
        List<Double> taps = all.stream().map(Measured::taps).toList();
        List<Double> relay = all.stream().map(Measured::all).toList();
        return new Outcome(
                name(),
                Figures.median(taps),
                Figures.median(relay),
                RIVAL,
                "cpu-us-per-message",
                rounds,
                List.of(Figures.spread("taps", taps), Figures.spread("all", relay)),
                all.stream()
                        .map(each -> Map.<String, Object>of("taps", each.taps, "all", each.all))
                        .toList());
    }

    private static Measured measure(RelayEnds ends, Forwarder relay, RelayHunt hunt) throws IOException {
        String[] before = relay.ask("cpu").split(" ");
        RelayEnds.Result load = ends.steady(hunt, MESSAGES_PER_SECOND, UP_EVERY, MEASURED);
        String[] after = relay.ask("cpu").split(" ");
        return new Measured(micros(before[1], after[1], load), micros(before[0], after[0], load));
    }

    private static double micros(String before, String after, RelayEnds.Result load) {
        return (Long.parseLong(after) - Long.parseLong(before)) / 1e3 / load.messages();
    }

    /** Keys and certificates of both ends. */
    static void tls(Path folder) throws Exception {
        TestAuthority authority = new TestAuthority();
        TlsFolder.write(folder.resolve("relay"), authority.service(ServiceName.RELAY));
        TlsFolder.write(folder.resolve("host"), authority.host(RelayServer.HOST));
    }

    static Forwarder relay(Path dist, Path folder, int mapServer) throws IOException {
        return Forwarder.ours(
                dist,
                ServiceName.RELAY,
                RelayServer.class,
                Integer.toString(mapServer),
                Integer.toString(2 * PLAYERS),
                "100000",
                "100000",
                folder.resolve("relay").toString());
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
