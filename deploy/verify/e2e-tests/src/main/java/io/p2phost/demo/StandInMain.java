package io.p2phost.demo;

import io.p2phost.contracts.Json;
import io.p2phost.ro.sim.CharServerSettings;
import io.p2phost.ro.sim.Endpoint;
import io.p2phost.ro.sim.Item;
import io.p2phost.ro.sim.MapServerSettings;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimCharServerTcp;
import io.p2phost.ro.sim.SimDatabase;
import io.p2phost.ro.sim.SimLoginServer;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.SimMapServerTcp;
import io.p2phost.ro.sim.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The operator's servers, simulated, as a process of its own: login-server, char-server, core and reserve. Each line of
 * its standard input is a question and gets one line of JSON; when standard input ends so does it, so it never outlives
 * the demo.
 */
public final class StandInMain {
    static final String VPS = "vps";
    static final String CORE = "core";
    static final String RESERVE = "reserve";
    static final String PASSWORD = "secret";

    static final String USER = "s1";
    static final String USER_PASSWORD = "p1";
    static final int STOCK_AUTOSAVE_SECONDS = 300;
    private static final Duration AUTOSAVE = Duration.ofSeconds(5);

    /** Ids that an earlier telling did not have: db-proxy may remember its players. */
    private static final int FEWEST = 3_000_000;

    private static final int MOST = 1_000_000_000;

    private final DemoWorld world;
    private final Map<String, SimMapServerTcp> mapServers = new LinkedHashMap<>();
    private @Nullable GameData data;
    private Duration autosave = AUTOSAVE;

    private StandInMain(DemoWorld world) {
        this.world = world;
    }

    /** Arguments: {@code vps CITY HOSTED LOGIN CHAR CORE RESERVE DB-PROXY [AUTOSAVE]}: addresses, then seconds. */
    public static void main(String[] args) throws IOException {
        StandInMain servers = new StandInMain(DemoWorld.of(args[1], args[2]));
        if (!args[0].equals(VPS)) {
            throw new IllegalArgumentException(args[0]);
        }
        if (args.length > 8) {
            servers.autosave = Duration.ofSeconds(Integer.parseInt(args[8]));
        }
        servers.vps(args);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("started");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(Json.mapper().writeValueAsString(servers.answer(line.split(" "))));
        }
        System.exit(0);
    }

    private void vps(String[] args) throws IOException {
        data = new GameData(Endpoint.of(args[3]), Endpoint.of(args[4]));
        Endpoint dbProxy = Endpoint.of(args[7]);
        mapServer(CORE, USER, Endpoint.of(args[5]), dbProxy, List.of(world.city()));
        mapServer(RESERVE, RESERVE, Endpoint.of(args[6]), dbProxy, world.hosted());
    }

    private void mapServer(String name, String user, Endpoint at, Endpoint charServer, List<String> maps)
            throws IOException {
        mapServers.put(
                name,
                new SimMapServerTcp(
                        MapServerSettings.stock(user, USER_PASSWORD, at, charServer, maps, 1)
                                .withAutosave(autosave)
                                .withoutPreventLogout(),
                        world.simulated(),
                        at));
    }

    private Object answer(String[] words) {
        return switch (words[0]) {
            case "ready" -> mapServer(words[1]).ask(SimMapServer::ready);
            case "players" -> mapServer(words[1]).ask(SimMapServer::playerNames);
            case "create" -> data().create(words[1], world.middle(words[2]));
            case "character" -> data().character(Integer.parseInt(words[1]));
            case "account" -> data().account(Integer.parseInt(words[1]));
            case "char-server" -> data().charServer(words[1].equals("start"));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private SimMapServerTcp mapServer(String name) {
        SimMapServerTcp server = mapServers.get(name);
        if (server == null) {
            throw new IllegalArgumentException(
                    "map-server: " + name + " (expected: one of " + mapServers.keySet() + ")");
        }
        return server;
    }

    private GameData data() {
        if (data == null) {
            throw new IllegalStateException("no char-server here");
        }
        return data;
    }

    /** The operator's login-server and char-server, and what they have stored. */
    private static final class GameData {
        private final SimDatabase database = new SimDatabase();
        private final SimLoginServer loginServer = new SimLoginServer(
                Clock.systemUTC(), ThreadLocalRandom.current().nextLong());
        private final Endpoint loginAt;
        private final Endpoint charAt;
        private SimCharServerTcp servers;
        private boolean running = true;

        GameData(Endpoint loginAt, Endpoint charAt) throws IOException {
            this.loginAt = loginAt;
            this.charAt = charAt;
            int ids = ThreadLocalRandom.current().nextInt(FEWEST, MOST);
            loginServer.nextAccountId(ids);
            database.nextCharId(ids);
            servers = start();
        }

        private SimCharServerTcp start() throws IOException {
            return new SimCharServerTcp(
                    CharServerSettings.stock(USER, USER_PASSWORD, charAt).withoutFloodLimit(),
                    database,
                    loginServer,
                    loginAt,
                    SimCharServerTcp.STOCK_BACKLOG);
        }

        int account(int character) {
            return servers.ask(any -> database.status(character).accountId());
        }

        /** As by kill -9, with the login-server; what is stored stays. */
        boolean charServer(boolean run) {
            try {
                if (run && !running) {
                    servers = start();
                } else if (!run && running) {
                    servers.close();
                }
                running = run;
                return running;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int create(String name, Point start) {
            return servers.ask(any -> {
                int account = loginServer.createAccount(name, PASSWORD, 0, 0);
                return database.createCharacter(account, name, 0, 0, start);
            });
        }

        Stored character(int id) {
            return servers.ask(any -> {
                Status status = database.status(id);
                Map<Integer, Integer> items = new TreeMap<>();
                for (Item item : database.inventory(id)) {
                    items.merge(item.nameId(), item.amount(), Integer::sum);
                }
                return new Stored(
                        database.online(id),
                        status.lastPoint().map(),
                        status.baseLevel(),
                        status.baseExp(),
                        status.zeny(),
                        items);
            });
        }
    }

    /**
     * A character as the game's database has it.
     *
     * @param items how many of each kind
     */
    record Stored(boolean online, String map, int level, long experience, int zeny, Map<Integer, Integer> items) {
        /** Whether he has at least what he had there. */
        boolean isAtLeast(Stored before) {
            boolean experienced = level > before.level || (level == before.level && experience >= before.experience);
            return experienced
                    && zeny >= before.zeny
                    && before.items.entrySet().stream()
                            .allMatch(item -> items.getOrDefault(item.getKey(), 0) >= item.getValue());
        }

        String inWords() {
            return "level " + level + ", experience " + experience + ", " + zeny + " zeny, items " + items;
        }
    }
}
