package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.SimSuite.Hosted;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimMapServer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One history by a seed: players who walk through portals and kill monsters while hosts die, links break, maps move, and
 * the char-server and db-proxy are killed and come back. At the end everything is there again, and the invariants must
 * hold.
 */
final class Simulation {
    /** What may happen. */
    enum Event {
        WALK,
        FIGHT,
        TALK,
        GIVE,
        HOST_DIES,
        HOST_LEAVES,
        HOST_COMES,
        MIGRATION,
        LINK_BREAKS,
        CHAR_SERVER_DIES,
        PROXY_DIES,
        VPS_DIES,
        DATABASE_FAILS,
        QUIT
    }

    private static final List<Event> FAULTS =
            List.copyOf(EnumSet.complementOf(EnumSet.of(Event.WALK, Event.FIGHT, Event.TALK)));

    private static final int STEPS = 40;
    private static final int AUTOSAVE_MILLIS = 15_000;
    private static final long CELL_MILLIS = 160;
    /** Longer than db-proxy waits for the final save of one whose connection is gone. */
    private static final int SETTLE_MILLIS = 70_000;

    private static final List<MapName> MAPS = List.of(SimSuite.FIELD, SimSuite.NEXT, SimSuite.LAST);
    private static final String[] NAMES = {"alice", "bob", "carol", "dave"};

    final SimSuite suite;
    final Map<Event, Integer> happened = new EnumMap<>(Event.class);
    private final long seed;
    private final SplittableRandom random;
    private final Map<MapName, Hosted> hosts = new LinkedHashMap<>();
    private final Map<String, SimClient> clients = new LinkedHashMap<>();
    private final List<SimClient> gone = new ArrayList<>();
    private final Map<SimClient, Long> earlier = new HashMap<>();

    Simulation(long seed) {
        this(seed, SimSuite.Plant.NONE);
    }

    Simulation(long seed, SimSuite.Plant plant) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.suite = new SimSuite(seed, plant);
        for (MapName map : MAPS) {
            hosts.put(map, suite.owner(map));
        }
        for (String name : NAMES) {
            MapName map = MAPS.get(random.nextInt(MAPS.size()));
            SimClient client = suite.client(name, 0, new Point(map.value(), random.nextInt(20, 180), 100));
            clients.put(name, client);
            suite.play(client);
        }
    }

    Simulation run() {
        for (int step = 0; step < STEPS; step++) {
            act();
            suite.run(random.nextInt(20, 3_000));
        }
        settle();
        return this;
    }

    private void act() {
        Event event = event();
        happened.merge(event, 1, Integer::sum);
        MapName map = MAPS.get(random.nextInt(MAPS.size()));
        SimClient client = client();
        switch (event) {
            case WALK -> walk(client);
            case FIGHT ->
                client.monsters().keySet().stream().sorted().findFirst().ifPresent(client::attack);
            case TALK -> client.say("step by step");
            case GIVE -> give(client);
            case HOST_DIES -> die(map);
            case HOST_LEAVES -> {
                letGo(map);
                die(map);
            }
            case HOST_COMES -> come(map);
            case MIGRATION -> migrate(map);
            case LINK_BREAKS -> {
                Hosted hosted = hosts.get(map);
                if (hosted != null) {
                    suite.blip(hosted);
                }
            }
            case CHAR_SERVER_DIES -> {
                suite.killCharServer();
                suite.run(random.nextInt(100, 6_000));
                suite.startCharServer();
            }
            case PROXY_DIES -> {
                suite.killProxy();
                suite.run(random.nextInt(100, 2_000));
                suite.startProxy();
            }
            case VPS_DIES -> {
                nobodyChangesServers();
                suite.killCharServer();
                client.monsters().keySet().stream().sorted().findFirst().ifPresent(client::attack);
                suite.run(random.nextInt(100, 20_000));
                List<SimMapServer> had = having(client);
                quit(client);
                suite.run(random.nextInt(50, 3_000));
                suite.killProxy();
                hosts.values().removeIf(hosted -> {
                    boolean dies = had.contains(hosted.server());
                    if (dies) {
                        suite.kill(hosted.server());
                        suite.own(hosted.key().map(), ServerKey.RESERVE);
                    }
                    return dies;
                });
                suite.run(random.nextInt(100, 2_000));
                suite.startCharServer();
                suite.startProxy();
                // A stock map-server throws out whom it could not load for half a minute.
                suite.run(30_000);
            }
            case DATABASE_FAILS -> {
                suite.database.failWrites(true);
                client.monsters().keySet().stream().sorted().findFirst().ifPresent(client::attack);
                suite.run(random.nextInt(100, 20_000));
                if (random.nextBoolean()) {
                    quit(client);
                    suite.run(random.nextInt(50, 3_000));
                }
                suite.database.failWrites(false);
            }
            case QUIT -> quit(client);
        }
    }

    /** Whose client is told of another server just when the whole VPS dies waits longer for that than a client does. */
    private void nobodyChangesServers() {
        clients.values().stream().filter(SimClient::playing).forEach(each -> each.walkTo(100, 100));
        suite.run(2_000);
    }

    private Event event() {
        int dice = random.nextInt(100);
        if (dice < 40) {
            return Event.WALK;
        }
        if (dice < 58) {
            return Event.FIGHT;
        }
        return dice < 64 ? Event.TALK : FAULTS.get(random.nextInt(FAULTS.size()));
    }

    private SimClient client() {
        return clients.get(NAMES[random.nextInt(NAMES.length)]);
    }

    /** To a portal as often as not. */
    private void walk(SimClient client) {
        if (client.playing()) {
            int x = random.nextInt(4) == 0 ? 2 : random.nextInt(3) == 0 ? 197 : random.nextInt(3, 196);
            client.walkTo(x, 100);
        }
    }

    /** He drops what he has, somebody else takes it, and often their server dies before it has saved both. */
    private void give(SimClient giver) {
        SimMapServer server = having(giver).stream().findFirst().orElse(null);
        SimClient taker = clients.values().stream()
                .filter(each -> each != giver
                        && each.playing()
                        && having(each).contains(server)
                        && each.at().map().equals(giver.at().map()))
                .findFirst()
                .orElse(null);
        int slot = giver.slotOf(SimSuite.KEEPSAKE);
        if (server == null || taker == null || slot < 0 || !giver.playing()) {
            return;
        }
        taker.walkTo(giver.at().x(), giver.at().y());
        suite.run(CELL_MILLIS * (1 + Math.abs(giver.at().x() - taker.at().x())));
        giver.drop(slot, 1);
        suite.run(random.nextInt(10, 300));
        taker.floor().stream().reduce((first, last) -> last).ifPresent(taker::pickUp);
        suite.run(random.nextInt(300));
        if (random.nextBoolean() && server.plays(taker.accountId())) {
            server.saveNow(taker.accountId());
            suite.run(random.nextInt(60));
        }
        if (random.nextInt(4) > 0) {
            hosts.entrySet().stream()
                    .filter(each -> each.getValue().server() == server)
                    .findFirst()
                    .ifPresent(each -> die(each.getKey()));
        }
    }

    /** The process is killed; somebody notices a moment later. */
    private void die(MapName map) {
        Hosted hosted = hosts.remove(map);
        if (hosted == null) {
            return;
        }
        suite.kill(hosted.server());
        suite.run(random.nextInt(10, 1_000));
        if (random.nextBoolean()) {
            suite.own(map, ServerKey.RESERVE);
        } else {
            hosts.put(map, suite.owner(map));
        }
    }

    /** Its agent ends, players' connections first: the map-server saves for good whoever is there. */
    private void letGo(MapName map) {
        Hosted hosted = hosts.get(map);
        if (hosted != null) {
            suite.letGo(hosted.server());
            suite.run(random.nextInt(10, 500));
        }
    }

    private void come(MapName map) {
        if (!hosts.containsKey(map) && suite.proxy.mux.isUp()) {
            hosts.put(map, suite.owner(map));
        }
    }

    /** Planned: the old server saves its players for good before the next has them. */
    private void migrate(MapName map) {
        if (!suite.proxy.mux.isUp()) {
            return;
        }
        Hosted before = hosts.get(map);
        suite.proxy.mux.release(map);
        for (int i = 0; i < 20 && suite.proxy.mux.playersOn(map) > 0; i++) {
            suite.run(100);
        }
        if (before != null && random.nextBoolean()) {
            hosts.remove(map);
            suite.own(map, ServerKey.RESERVE);
        } else {
            hosts.put(map, suite.owner(map));
        }
        if (before != null) {
            suite.kill(before.server());
        }
    }

    private void quit(SimClient client) {
        if (client.playing()) {
            client.quit();
            gone.add(client);
            clients.values().remove(client);
            String name = "guest" + seed + "x" + gone.size();
            SimClient guest = suite.client(name, 0, new Point(SimSuite.FIELD.value(), random.nextInt(20, 180), 100));
            for (String slot : NAMES) {
                clients.putIfAbsent(slot, guest);
            }
            if (suite.proxy.mux.isUp()) {
                suite.play(guest);
            }
        }
    }

    private void settle() {
        suite.until("up at the end", () -> suite.proxy.mux.isUp());
        suite.run(SETTLE_MILLIS);
        clients.values()
                .forEach(client -> having(client)
                        .forEach(server -> earlier.put(
                                client, server.status(client.accountId()).baseExp())));
        suite.run(AUTOSAVE_MILLIS);
    }

    private List<SimMapServer> having(SimClient client) {
        return suite.servers().stream()
                .filter(server -> server.plays(client.accountId()))
                .toList();
    }

    /** What must be true at the end, one line for each thing that is not. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (SimClient client : clients.values()) {
            if (client.accountId() == 0 || client.entries() == 0) {
                continue;
            }
            String who = client.charId() + " at " + client.at() + ": ";
            if (!client.playing() && SimSuite.CORE.equals(client.mapServer())) {
                // He entered core in the moment the char-server died: a stock core throws him out, with us or without.
                continue;
            }
            if (!client.playing()) {
                faults.add(who + "not in game, " + client.phase() + ", last refusal " + client.lastBan());
                continue;
            }
            faults.addAll(client.faults().stream().map(fault -> who + fault).toList());
            if (having(client).size() != 1) {
                faults.add(who + "on " + having(client).size() + " servers");
                continue;
            }
            // A char-server whose database takes nothing cannot write this down either.
            if (!happened.containsKey(Event.DATABASE_FAILS) && !suite.database.online(client.charId())) {
                faults.add(who + "offline in the database");
            }
            long saved = suite.database.status(client.charId()).baseExp();
            if (saved < earlier.getOrDefault(client, 0L)) {
                faults.add(who + "had experience " + earlier.get(client) + ", in the database " + saved);
            }
        }
        for (SimClient client : gone) {
            // Whose wish to quit died with his server plays on, as his client shows him.
            if (!happened.containsKey(Event.DATABASE_FAILS)
                    && suite.database.online(client.charId())
                    && !client.playing()) {
                faults.add(client.charId() + ": quit, and online in the database");
            }
        }
        Map<Long, Integer> keepsakes = new HashMap<>();
        for (int character : suite.database.characterIds()) {
            suite.database.inventory(character).stream()
                    .filter(item -> item.nameId() == SimSuite.KEEPSAKE)
                    .forEach(item -> keepsakes.merge(item.uniqueId(), 1, Integer::sum));
        }
        keepsakes.forEach((item, times) -> {
            if (times > 1) {
                faults.add("item " + Long.toHexString(item) + " is there " + times + " times");
            }
        });
        suite.aside.forEach(character -> faults.add(character + ": somebody had older data than what was saved"));
        suite.accepted().forEach((character, experience) -> {
            long stored = suite.database.status(character).baseExp();
            if (stored < experience) {
                faults.add(character + ": accepted with experience " + experience + ", in the database " + stored);
            }
        });
        suite.violations.stream()
                .filter(violation -> violation.kind() != Outside.Violation.Kind.NOT_ITS_PLAYER)
                .forEach(violation -> faults.add("an honest server was refused: " + violation));
        return faults;
    }
}
