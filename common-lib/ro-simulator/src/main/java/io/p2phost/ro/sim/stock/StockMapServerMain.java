package io.p2phost.ro.sim.stock;

import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.MapServerSettings;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.SimMapServerTcp;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A simulated map-server for whoever starts a stock one: the same options, conf files in the working folder, lines and
 * exit codes; a database must answer, or it does not start. SIGTERM saves everybody and ends it.
 *
 * <p>The system property {@code stand-in} makes it misbehave: {@code hang} never opens its port, {@code slow MILLIS} opens
 * it late, {@code dies MILLIS} ends it so long after it listens. While it runs, whoever may write into its folder can have
 * it cheat: a line in {@code log/orders}, {@code level NAME LEVEL} or {@code take-over ACCOUNT CHARACTER MAP}.
 */
public final class StockMapServerMain {
    /** Its line once it is logged in at its char-server and has told its maps. */
    public static final String ONLINE = "[Status]: Event 'OnInterIfInit' executed.";

    private static final Set<String> OPTIONS =
            Set.of("--map-config", "--inter-config", "--battle-config", "--log-config");
    private static final int OLD_PROTOCOL = 10;
    private static final Path ORDERS = Path.of("log/orders");
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int FAILED = 1;
    private static final int TOLD_TO = 3;

    private StockMapServerMain() {}

    public static void main(String[] args) throws InterruptedException {
        say("Status", "Simulated map-server, process " + ProcessHandle.current().pid() + ".");
        String[] told = System.getProperty("stand-in", "").strip().split(" ");
        long millis = told.length > 1 ? Long.parseLong(told[1]) : 0;
        if (told[0].equals("hang")) {
            Thread.sleep(Duration.ofDays(1));
        } else if (told[0].equals("slow")) {
            Thread.sleep(millis);
        }
        SimMapServerTcp server;
        try {
            server = start(Path.of(""), options(args));
        } catch (IOException | IllegalArgumentException e) {
            say("Fatal Error", String.valueOf(e.getMessage()));
            System.exit(FAILED);
            return;
        }
        Thread end = new Thread(
                () -> {
                    server.shutDown();
                    say("Status", "Finished.");
                },
                "shut-down");
        Runtime.getRuntime().addShutdownHook(end);
        say(
                "Status",
                "Server is 'ready' and listening on port '" + server.endpoint().port() + "'.");
        watch(server, told[0].equals("dies") ? millis : Long.MAX_VALUE);
    }

    private static void say(String kind, String words) {
        System.out.println("[" + kind + "]: " + words);
    }

    static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!OPTIONS.contains(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException("Unknown option '" + args[i] + "'.");
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    private static SimMapServerTcp start(Path folder, Map<String, String> options) throws IOException {
        StockConf map = StockConf.read(folder, options.getOrDefault("--map-config", "conf/map_athena.conf"));
        StockConf inter = StockConf.read(folder, options.getOrDefault("--inter-config", "conf/inter_athena.conf"));
        StockConf battle = StockConf.read(folder, options.getOrDefault("--battle-config", "conf/battle_athena.conf"));
        StockConf.read(folder, options.getOrDefault("--log-config", "conf/log_athena.conf"));
        checkDatabase(inter);
        List<String> maps = map.all("map");
        MapServerSettings settings = MapServerSettings.stock(
                        map.text("userid"),
                        map.text("passwd"),
                        Endpoint.of(map.address("map_ip", "map_port")),
                        Endpoint.of(map.address("char_ip", "char_port")),
                        maps,
                        ProcessHandle.current().pid())
                .withAutosave(Duration.ofSeconds(map.number("autosave_time")));
        return new SimMapServerTcp(
                battle.number("prevent_logout") == 0 ? settings.withoutPreventLogout() : settings,
                StockWorld.read(folder, maps),
                Endpoint.of(map.address("bind_ip", "map_port")));
    }

    /** The real one gives up too. */
    private static void checkDatabase(StockConf inter) throws IOException {
        String address = inter.address("map_server_ip", "map_server_port");
        try (Socket socket = new Socket(inter.text("map_server_ip"), inter.number("map_server_port"))) {
            byte[] greeting = socket.getInputStream().readNBytes(5);
            if (greeting.length < 5 || greeting[4] != OLD_PROTOCOL) {
                throw new IOException("no database at " + address);
            }
        } catch (IOException e) {
            throw new IOException("Couldn't connect with the database at " + address + ": " + e.getMessage(), e);
        }
    }

    /** Tells who comes and goes, until it dies; the real one exits when its char-server refuses it. */
    private static void watch(SimMapServerTcp server, long diesAfterMillis) throws InterruptedException {
        Set<String> known = Set.of();
        boolean wasReady = false;
        long began = System.nanoTime();
        while (true) {
            if (server.ask(SimMapServer::dead)) {
                say("Fatal Error", "The char-server refused this map-server.");
                Runtime.getRuntime().halt(FAILED);
            }
            if (System.nanoTime() - began
                    > Duration.ofMillis(Math.min(diesAfterMillis, 1L << 40)).toNanos()) {
                say("Fatal Error", "Told to die.");
                Runtime.getRuntime().halt(TOLD_TO);
            }
            boolean ready = server.ask(SimMapServer::ready);
            if (ready != wasReady) {
                System.out.println(ready ? ONLINE : "[Status]: Lost the char-server.");
                wasReady = ready;
            }
            Set<String> here = new LinkedHashSet<>(server.ask(SimMapServer::playerNames));
            for (String name : here) {
                if (!known.contains(name)) {
                    say("Info", "'" + name + "' logged in.");
                }
            }
            for (String name : known) {
                if (!here.contains(name)) {
                    say("Info", "'" + name + "' logged off.");
                }
            }
            known = here;
            obey(server);
            Thread.sleep(LOOK);
        }
    }

    private static void obey(SimMapServerTcp server) {
        if (!Files.exists(ORDERS)) {
            return;
        }
        try {
            String[] words = Files.readString(ORDERS).strip().split(" ");
            Files.delete(ORDERS);
            server.ask(cheating -> {
                switch (words[0]) {
                    case "level" -> cheating.giveLevel(cheating.accountOf(words[1]), Integer.parseInt(words[2]));
                    case "take-over" ->
                        cheating.takeOver(
                                Integer.parseInt(words[1]), Integer.parseInt(words[2]), new Point(words[3], 20, 20));
                    default -> throw new IllegalArgumentException(words[0]);
                }
                return true;
            });
            say("Info", "Obeyed: " + String.join(" ", words));
        } catch (IOException | RuntimeException e) {
            say("Error", "Order not obeyed: " + e);
        }
    }
}
