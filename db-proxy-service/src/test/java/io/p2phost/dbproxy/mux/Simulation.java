package io.p2phost.dbproxy.mux;

import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.mux.SimBooks.Belongings;
import io.p2phost.dbproxy.mux.SimSuite.Hosted;
import io.p2phost.dbproxy.sessions.SimPostgres.Mood;
import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimClient;
import io.p2phost.ro.sim.SimMapServer;
import io.p2phost.ro.sim.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One history by a seed: players who walk through portals, kill monsters, drop things for each other and trade, while hosts
 * die, links break, maps move, the char-server and db-proxy are killed and come back, the char-server's database takes
 * nothing or refuses some of it, and PostgreSQL is slow, full, away, loses connections during commits, or loses what it had acknowledged. At the
 * end everything is there again, and the invariants must hold.
 *
 * <p>Two things db-proxy cannot promise, and are not asked of it: when it dies while PostgreSQL is in trouble, of whom the
 * newest session is not stored is where an older one says ({@code SimSuite.stale}), and who has an older save in the journal
 * than the char-server has goes back to that one, not further ({@code SimSuite.overtaken}).
 */
final class Simulation {
    /** What may happen. */
    enum Event {
        WALK,
        FIGHT,
        TALK,
        GIVE,
        TRADE,
        HOST_DIES,
        HOST_LEAVES,
        HOST_COMES,
        MIGRATION,
        LINK_BREAKS,
        CHAR_SERVER_DIES,
        PROXY_DIES,
        VPS_DIES,
        DATABASE_FAILS,
        DATABASE_REFUSES_SOME,
        QUIT,
        JOURNAL_SLOW,
        JOURNAL_FULL,
        JOURNAL_AWAY,
        JOURNAL_BREAKING,
        JOURNAL_LYING
    }

    private static final List<Event> FAULTS = List.copyOf(EnumSet.range(Event.GIVE, Event.QUIT));
    private static final List<Event> OF_THE_JOURNAL =
            List.copyOf(EnumSet.range(Event.JOURNAL_SLOW, Event.JOURNAL_LYING));

    /** While the journal is in trouble. */
    private static final List<Event> MEANWHILE = List.of(
            Event.WALK,
            Event.GIVE,
            Event.TRADE,
            Event.HOST_DIES,
            Event.HOST_LEAVES,
            Event.MIGRATION,
            Event.CHAR_SERVER_DIES,
            Event.PROXY_DIES,
            Event.QUIT);

    private static final int STEPS = 40;
    private static final int AUTOSAVE_MILLIS = 15_000;
    /** A stock map-server throws out who waits longer for a change to core, and one player's saves look at fault. */
    private static final Duration DATABASE_WELL = Duration.ofSeconds(40);

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
    private final Map<Integer, Long> seen = new HashMap<>();
    /** What was stored of everybody when the journal's trouble began. */
    private final Map<Integer, Long> floor = new HashMap<>();

    private final List<String> wentBack = new ArrayList<>();
    private Instant databaseFails = Instant.EPOCH;

    Simulation(long seed) {
        this(seed, SimSuite.Plant.NONE);
    }

    Simulation(long seed, SimSuite.Plant plant) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.suite = new SimSuite(seed, plant, SimSuite.PURSE);
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
            act(event());
            suite.run(random.nextInt(20, 3_000));
            watch();
        }
        settle();
        return this;
    }

    private void act(Event event) {
        if (event == Event.DATABASE_FAILS || event == Event.DATABASE_REFUSES_SOME) {
            if (suite.net.instant().isBefore(databaseFails.plus(DATABASE_WELL))) {
                return;
            }
            databaseFails = suite.net.instant();
        }
        happened.merge(event, 1, Integer::sum);
        MapName map = MAPS.get(random.nextInt(MAPS.size()));
        SimClient client = client();
        switch (event) {
            case WALK -> walk(client);
            case FIGHT ->
                client.monsters().keySet().stream().sorted().findFirst().ifPresent(client::attack);
            case TALK -> client.say("step by step");
            case GIVE -> give(client);
            case TRADE -> {
                SimMapServer server = trade(client);
                if (server != null && random.nextInt(4) > 0) {
                    dieOf(server);
                }
            }
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
                if (random.nextBoolean()) {
                    trade(client);
                } else {
                    client.monsters().keySet().stream().sorted().findFirst().ifPresent(client::attack);
                }
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
            case DATABASE_REFUSES_SOME -> {
                SplittableRandom dice = random.split();
                int percent = random.nextInt(10, 90);
                suite.database.failWrites(() -> dice.nextInt(100) < percent);
                client.monsters().keySet().stream().sorted().findFirst().ifPresent(client::attack);
                suite.run(random.nextInt(100, 3_000));
                act(MEANWHILE.get(random.nextInt(MEANWHILE.size())));
                suite.run(random.nextInt(100, 6_000));
                suite.database.failWrites(false);
            }
            case JOURNAL_SLOW -> journalFalls(Mood.SLOW, client);
            case JOURNAL_FULL -> journalFalls(Mood.FULL, client);
            case JOURNAL_AWAY -> journalFalls(Mood.AWAY, client);
            case JOURNAL_BREAKING -> journalFalls(Mood.BREAKING, client);
            case JOURNAL_LYING -> journalFalls(Mood.LYING, client);
            case QUIT -> quit(client);
        }
    }

    /** Play goes on, and what else happens meanwhile happens on it. */
    private void journalFalls(Mood into, SimClient client) {
        if (!suite.postgres.isTroubled()) {
            watch();
            floor.putAll(seen);
        }
        suite.postgres.fall(into, Duration.ofMillis(random.nextInt(100, 15_000)));
        client.monsters().keySet().stream().sorted().findFirst().ifPresent(client::attack);
        suite.run(random.nextInt(3_000));
        act(MEANWHILE.get(random.nextInt(MEANWHILE.size())));
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
        if (dice < 64) {
            return Event.TALK;
        }
        int fault = random.nextInt(FAULTS.size() + 1);
        return fault < FAULTS.size() ? FAULTS.get(fault) : OF_THE_JOURNAL.get(random.nextInt(OF_THE_JOURNAL.size()));
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

    /** What players give each other on core is between core and its char-server. */
    private @Nullable SimMapServer ofGifts(SimClient giver) {
        return having(giver).stream()
                .filter(each -> each != suite.core)
                .findFirst()
                .orElse(null);
    }

    /** He drops what he has, somebody else takes it, and often their server dies before it has saved both. */
    private void give(SimClient giver) {
        SimMapServer server = ofGifts(giver);
        SimClient taker = near(giver, server);
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
            dieOf(server);
        }
    }

    /** Both give money and one gives what he has; null: nobody is there to trade with. */
    private @Nullable SimMapServer trade(SimClient one) {
        SimMapServer server = ofGifts(one);
        SimClient other = near(one, server);
        if (server == null || other == null || !one.playing()) {
            return null;
        }
        other.walkTo(one.at().x(), one.at().y());
        suite.run(CELL_MILLIS * (1 + Math.abs(one.at().x() - other.at().x())));
        one.askToTrade(other.accountId());
        suite.run(50);
        other.acceptTrade();
        suite.run(50);
        int slot = one.slotOf(SimSuite.KEEPSAKE);
        if (slot >= 0) {
            one.offer(slot, 1);
        }
        one.offerZeny(random.nextInt(1, 300));
        other.offerZeny(random.nextInt(1, 300));
        one.concludeTrade();
        other.concludeTrade();
        suite.run(random.nextInt(10, 100));
        one.commitTrade();
        suite.run(random.nextInt(random.nextBoolean() ? 100 : 3_000));
        other.commitTrade();
        suite.run(random.nextInt(100));
        return server;
    }

    private @Nullable SimClient near(SimClient client, @Nullable SimMapServer server) {
        return clients.values().stream()
                .filter(each -> each != client
                        && each.playing()
                        && having(each).contains(server)
                        && each.at().map().equals(client.at().map()))
                .findFirst()
                .orElse(null);
    }

    private void dieOf(SimMapServer server) {
        hosts.entrySet().stream()
                .filter(each -> each.getValue().server() == server)
                .findFirst()
                .ifPresent(each -> die(each.getKey()));
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

    /** Nothing came from nowhere; what nobody can lose is all there. */
    private void conserved(List<String> faults) {
        int characters = suite.database.characterIds().size();
        long purses = (long) SimSuite.PURSE * characters;
        if (purses != zeny()) {
            faults.add("all have " + zeny() + " zeny (expected: " + purses + ")");
        }
        Map<Integer, Long> amounts = new TreeMap<>();
        Map<Long, Integer> unique = new HashMap<>();
        for (int character : suite.database.characterIds()) {
            suite.database.inventory(character).forEach(item -> {
                amounts.merge(item.nameId(), (long) item.amount(), Long::sum);
                if (item.uniqueId() != 0) {
                    unique.merge(item.uniqueId(), 1, Integer::sum);
                }
            });
        }
        unique.forEach((item, times) -> {
            if (times > 1) {
                faults.add("item " + Long.toHexString(item) + " is there " + times + " times");
            }
        });
        amounts.forEach((item, amount) -> {
            long given = SimSuite.GIVEN.contains(item) ? characters : 0;
            if (amount > given + suite.made(item)) {
                faults.add(amount + " of item " + item + " (expected: at most " + (given + suite.made(item)) + ")");
            }
        });
        for (int item : SimSuite.GIVEN) {
            boolean dropped = item == SimSuite.KEEPSAKE && happened.containsKey(Event.GIVE);
            if (!dropped && amounts.getOrDefault(item, 0L) < characters) {
                faults.add(amounts.get(item) + " of item " + item + " (expected: " + characters + ")");
            }
        }
    }

    private boolean databaseFailed() {
        return happened.containsKey(Event.DATABASE_FAILS) || happened.containsKey(Event.DATABASE_REFUSES_SOME);
    }

    private long zeny() {
        return suite.database.characterIds().stream()
                .mapToLong(character -> suite.database.status(character).zeny())
                .sum();
    }

    /** What is stored of somebody never becomes older. */
    private void watch() {
        for (int character : suite.database.characterIds()) {
            Status status = suite.database.status(character);
            long progress = SimBooks.progress(status.baseLevel(), status.baseExp());
            Long before = seen.put(character, progress);
            boolean older = suite.overtaken.contains(character) || suite.stale.contains(status.accountId());
            long least = older ? floor.getOrDefault(character, 0L) : Long.MAX_VALUE;
            if (before != null && before > progress && progress < least) {
                wentBack.add(character + ": had " + before + " in the database, then " + progress);
            }
        }
    }

    /** What must be true at the end, one line for each thing that is not. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        Map<Integer, SimMapServer> playing = new HashMap<>();
        for (SimClient client : clients.values()) {
            having(client).forEach(server -> playing.put(client.charId(), server));
        }
        for (SimClient client : clients.values()) {
            if (client.accountId() == 0 || client.entries() == 0 || suite.stale.contains(client.accountId())) {
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
            if (!databaseFailed() && !suite.database.online(client.charId())) {
                faults.add(who + "offline in the database");
            }
            long saved = suite.database.status(client.charId()).baseExp();
            if (saved < earlier.getOrDefault(client, 0L)) {
                faults.add(who + "had experience " + earlier.get(client) + ", in the database " + saved);
            }
        }
        for (SimClient client : gone) {
            // Whose wish to quit died with his server plays on, as his client shows him.
            if (!databaseFailed()
                    && !suite.stale.contains(client.accountId())
                    && suite.database.online(client.charId())
                    && !client.playing()) {
                faults.add(client.charId() + ": quit, and online in the database");
            }
        }
        if (suite.overtaken.isEmpty() && suite.stale.isEmpty()) {
            conserved(faults);
        }
        suite.aside.forEach(character -> faults.add(character + ": somebody had older data than what was saved"));
        for (int character : suite.database.characterIds()) {
            Belongings stored = Belongings.stored(suite.database, character);
            if (suite.overtaken.contains(character)) {
                continue;
            }
            suite.books
                    .owed(character)
                    .filter(owed -> stored.progress() < owed.progress())
                    .ifPresent(
                            owed -> faults.add(character + ": accepted with " + owed + ", in the database " + stored));
            SimMapServer on = playing.get(character);
            int account = suite.database.status(character).accountId();
            if (on != null && !suite.stale.contains(account)) {
                Belongings played = Belongings.played(on, account);
                if (!played.isIn(stored)) {
                    faults.add(character + ": has " + played + ", in the database " + stored);
                }
            }
            if (on == null && !suite.books.allows(character, stored)) {
                faults.add(character + ": has " + stored + ", accepted was " + suite.books.of(character));
            }
        }
        faults.addAll(wentBack);
        suite.acknowledgedUnsafe.forEach(character -> faults.add(character + ": acknowledged before it was safe"));
        suite.violations.stream()
                .filter(violation -> violation.kind() != Outside.Violation.Kind.NOT_ITS_PLAYER)
                .forEach(violation -> faults.add("an honest server was refused: " + violation));
        return faults;
    }
}
