package io.p2phost.demo;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.demo.StandInMain.Stored;
import io.p2phost.demo.Warps.Doors;
import io.p2phost.ro.sim.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The story with stock servers out of a built rAthena tree: the operator's are its login-server, char-server and two
 * map-servers, hosts run its map-server out of a bundle that the operator publishes, and one of the players may be
 * OpenKore. What {@link Demo} tells of hosts that cheat is not in it: stock map-servers do not.
 */
final class RathenaDemo {
    private static final int PACKET_VERSION = 20_200_401;
    private static final int JELLOPY = 909;
    private static final int JELLOPIES = 10;
    private static final int START_ZENY = 1_000;
    private static final int PRICE = 100;
    private static final int SLOTS = 100;
    /** Ids of accounts that a stock server takes, and that an earlier telling did not have. */
    private static final int FEWEST = 3_000_000;

    private static final int MOST = 99_000_000;

    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final Duration USUAL = Duration.ofSeconds(60);
    /** Stock map-servers read all their scripts at the start, and this machine runs the suite and the hosts too. */
    private static final Duration LONG = Duration.ofMinutes(3);
    /** A word of OpenKore's is in its output within a moment. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Api api;
    private final Path tree;
    private final Optional<Path> openKoreFolder;
    private final Path keyFile;
    private final Programs programs;
    private final Site site;
    private final Cleanup cleanup;
    private final Story story;
    private final Hosts hosts;
    private final Ground ground;
    /** How long it took, for the end. */
    private final List<String> figures = new ArrayList<>();

    private final Map<Player, Stored> saved = new HashMap<>();
    private @Nullable Doors doors;
    private @Nullable Play play;
    private @Nullable GameDatabase database;
    private @Nullable RathenaServers servers;
    private @Nullable Machine alpha;
    private @Nullable Machine beta;
    private @Nullable Player anna;
    private @Nullable Player ben;
    private @Nullable OpenKore kore;
    private List<String> hosted = List.of();
    private int lastId = ThreadLocalRandom.current().nextInt(FEWEST, MOST);
    private long firstEpoch;
    private long secondEpoch;

    /**
     * Prepares it.
     *
     * @param tree a folder in which rAthena was built
     * @param openKore a folder in which OpenKore was built
     * @param keyFile the admin key, for the operator's command line
     */
    RathenaDemo(
            Api api,
            Path tree,
            Optional<Path> openKore,
            Path keyFile,
            Programs programs,
            Site site,
            Cleanup cleanup,
            Story story) {
        this.api = api;
        this.tree = tree;
        this.openKoreFolder = openKore;
        this.keyFile = keyFile;
        this.programs = programs;
        this.site = site;
        this.cleanup = cleanup;
        this.story = story;
        this.hosts = new Hosts(api, programs, cleanup, story);
        this.ground = new Ground(api, site, hosts, cleanup, story);
    }

    void tell() {
        story.step("The suite answers", SHORT, ground::answers);
        story.step("The demo has the suite for itself, and looks at " + tree, USUAL, this::look);
        story.step("The operator's database and stock servers start", LONG, this::serversStart);
        story.step("The operator registers the VPS map-servers", SHORT, this::registerVps);
        story.step("A bundle is made of the tree, and released", LONG, this::bundle);
        story.step("Players log in; nobody lends a machine, so the VPS serves their maps", USUAL, this::playersLogIn);
        story.step("Two players enrol their machines", USUAL, this::enrol);
        story.step("alpha joins with what this machine really has", LONG, () -> hosts.join(alpha()));
        story.step("Anna's map goes to alpha, and she with it", LONG, this::firstMapToAlpha);
        story.step("beta joins", LONG, () -> hosts.join(beta()));
        story.step("Ben's map goes to beta, because alpha is full", LONG, this::secondMapToBeta);
        story.step("They meet, talk and trade, and the game's database has it", USUAL, this::theyTrade);
        story.step(
                "The char-server is killed with -9; portals between the hosts work all the same",
                LONG,
                this::charServerStops);
        story.step("beta is drained and comes back: its map moves as planned, twice", LONG, this::betaIsDrained);
        story.step("alpha's agent is killed with -9: its map and players move to beta", LONG, this::alphaDies);
        story.step("beta's agent is killed with -9: both maps and all players move to the VPS", LONG, this::betaDies);
        story.step("The players leave; what they own is in the game's database", USUAL, this::theyLeave);
        story.step("Everything is put back", USUAL, this::putBack);
        story.say("");
        figures.forEach(story::say);
        story.say("");
        story.say("The story is told with stock servers: every step was checked through the public API, by players'"
                + " clients and in the game's database.");
    }

    // ---- before the story ----

    private void look() throws IOException, InterruptedException {
        RathenaServers.check(tree);
        openKoreFolder.ifPresent(OpenKore::check);
        ground.isFree();
        if (!Ports.isFree(site.charServer())) {
            throw new DemoFailure(
                    site.charServer() + " is taken (expected: free for the demo's char-server; stop yours,"
                            + " or tell the story on another suite: ./p2p up --home DIR --port-offset N)");
        }
        JsonNode layout = Json.mapper().readTree(Files.readString(layout()));
        int packetVersion = layout.path("packetver").asInt(0);
        if (packetVersion != PACKET_VERSION) {
            throw new DemoFailure(tree + " is built for clients of " + packetVersion + " (expected: " + PACKET_VERSION
                    + ", which the players of the demo are: ./configure --enable-packetver=" + PACKET_VERSION + ")");
        }
        String game = layout.path("mode").asString("");
        hosted = api.all("maps").stream()
                .filter(map -> map.path("eligibility").asString("").equals("ELIGIBLE"))
                .map(map -> map.path("map").asString(""))
                .filter(map -> MapName.of(map).announceable())
                .toList();
        Set<String> small = api.all("maps").stream()
                .filter(map -> hosted.contains(map.path("map").asString("")))
                .filter(map -> map.path("minTier").asInt(9) == 1)
                .map(map -> map.path("map").asString(""))
                .collect(Collectors.toSet());
        List<Doors> pairs =
                Warps.read(tree, game.equals("renewal") ? "re" : "pre-re").between(small);
        for (Doors each : pairs) {
            if (isWithoutFindings(List.of(each.first(), each.second()))) {
                doors = each;
                break;
            }
        }
        if (doors == null) {
            throw new DemoFailure(pairs.size() + " pairs of eligible maps of tier 1 with portals to each other, none"
                    + " without findings of p2p-control bundle check (expected: one)");
        }
        play = new Play(story, doors());
        story.say(game + ", clients of " + packetVersion + "; maps: " + first() + " and " + second()
                + ", with portals to each other");
    }

    /** The tree's own, made by its operator's compiler. */
    private Path layout() throws IOException, InterruptedException {
        Path file = programs.work().resolve("layout.json");
        Programs.Outcome made = programs.run(
                "make-layout",
                USUAL,
                List.of(programs.dist().resolve("rathena/layout/make-layout").toString(), tree.toString()));
        if (made.exitCode() != 0) {
            throw new DemoFailure("make-layout: " + made.err().strip());
        }
        return Files.writeString(file, made.out());
    }

    private boolean isWithoutFindings(List<String> maps) throws IOException, InterruptedException {
        Programs.Outcome outcome = control(
                List.of("--output", "json", "bundle", "check", tree.toString(), "--maps", String.join(",", maps)));
        JsonNode checked = Json.mapper().readTree(outcome.out()).path("maps");
        return checked.size() == maps.size()
                && checked.valueStream().allMatch(map -> map.path("findings").asInt(1) == 0);
    }

    private Programs.Outcome control(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                programs.dist().resolve("bin/p2p-control").toString(),
                "--gateway",
                api.gateway().toString(),
                "--key-file",
                keyFile.toString()));
        command.addAll(arguments);
        Programs.Outcome outcome = programs.run("p2p-control", USUAL, command);
        if (outcome.exitCode() != 0) {
            throw new DemoFailure("p2p-control " + String.join(" ", arguments) + ": "
                    + outcome.err().strip());
        }
        return outcome;
    }

    private void serversStart() throws IOException, InterruptedException {
        cleanup.add("processes of the demo", programs::stopAll);
        Path work = Files.createTempDirectory(programs.work(), "operator-");
        GameDatabase sql = new GameDatabase(
                work.resolve("database"), site.ports().free(site.charServer().host()), programs);
        database = sql;
        sql.start();
        story.until(
                "the game's database", () -> sql.answers() ? Story.Seen.done(true) : Story.Seen.notYet("no answer"));
        sql.create(List.of(tree.resolve("sql-files/main.sql"), tree.resolve("sql-files/logs.sql")));
        RathenaServers stock = new RathenaServers(tree, work, site, sql, hosted, programs);
        servers = stock;
        for (String name :
                List.of(RathenaServers.LOGIN, RathenaServers.CHAR, RathenaServers.CORE, RathenaServers.RESERVE)) {
            stock.start(name);
        }
        story.until("stock servers to be ready, and db-proxy at the char-server", () -> {
            List<String> notReady = List.of(RathenaServers.CORE, RathenaServers.RESERVE).stream()
                    .filter(name -> !stock.isReady(name))
                    .toList();
            boolean loggedIn = isCharServerUp();
            return notReady.isEmpty() && loggedIn
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet("not ready: " + notReady + ", db-proxy " + (loggedIn ? "" : "not ")
                            + "at the char-server (expected: p2p.db-proxy.upstream " + site.charServer() + ")");
        });
        story.say("login-server, char-server at " + site.charServer() + ", map-servers core and reserve ("
                + hosted.size() + " maps that may be hosted), all stock, logs in " + work);
    }

    private boolean isCharServerUp() {
        return api.get("status").path("degraded").valueStream().noneMatch(Demo::isCharServer);
    }

    private void registerVps() {
        ground.register(Demo.CORE, site.core(), "CORE");
        ground.register(Demo.RESERVE, site.reserve(), "RESERVE");
    }

    private void bundle() throws IOException, InterruptedException {
        Path folder = programs.work().resolve("bundle-" + Instant.now().getEpochSecond());
        String version = "demo-" + Instant.now().getEpochSecond();
        control(List.of(
                "bundle",
                "build",
                tree.toString(),
                folder.toString(),
                "--as",
                version,
                "--layout",
                programs.work().resolve("layout.json").toString(),
                "--maps",
                first() + "," + second(),
                "--source-offer",
                "https://github.com/rathena/rathena"));
        control(List.of("bundle", "publish", folder.toString()));
        story.say("bundle " + version + " is released");
    }

    // ---- players ----

    private void playersLogIn() throws IOException, InterruptedException {
        anna = player("Anna", doors().beside(first(), second()));
        ben = player("Ben", doors().beside(second(), first()));
        for (Player player : players()) {
            play().login(player);
            story.say(player.name() + " logged in at the login-server, chose the character, was sent to the relay at "
                    + player.server() + ", and plays " + player.at().map());
        }
        ground.awaitOwner(first(), "VPS", Demo.RESERVE, 0);
        if (openKoreFolder.isPresent()) {
            character("Kore", doors().beside(first(), second()));
            OpenKore client = new OpenKore(
                    openKoreFolder.get(), Files.createTempDirectory(programs.work(), "openkore-"), "Kore", programs);
            kore = client;
            client.start(site.loginServer(), first());
            story.until("OpenKore in the game", () -> {
                check();
                return client.entries() > 0 ? Story.Seen.done(true) : Story.Seen.notYet("not yet, see " + client.log());
            });
            story.say("OpenKore is in the game too, and hunts on " + first());
        }
    }

    private Player player(String name, Point start) {
        Player player = new Player(name, character(name, start), site.loginServer());
        cleanup.add(name + "'s client", player::close);
        return player;
    }

    /** A grown-up novice with something to trade, who dies of nothing that walks there. */
    private int character(String name, Point at) {
        int account = ++lastId;
        int character = ++lastId;
        database()
                .ask(String.format(
                        Locale.ROOT,
                        "insert into login (account_id, userid, user_pass, sex, email, group_id)"
                                + " values (%1$d, '%3$s', '%4$s', 'M', 'a@a.com', 0);"
                                + "insert into `char` (char_id, account_id, char_num, name, class, base_level, job_level, zeny,"
                                + " str, agi, vit, `int`, dex, luk, max_hp, hp, max_sp, sp, inventory_slots,"
                                + " last_map, last_x, last_y, save_map, save_x, save_y)"
                                + " values (%2$d, %1$d, 0, '%3$s', 0, 60, 10, %5$d, 90, 60, 60, 20, 60, 20, 2000, 2000, 300, 300,"
                                + " %6$d, '%7$s', %8$d, %9$d, '%7$s', %8$d, %9$d);"
                                + "insert into skill (char_id, id, lv, flag) values (%2$d, 1, 9, 0);"
                                + "insert into inventory (char_id, nameid, amount, identify) values (%2$d, %10$d, %11$d, 1)",
                        account,
                        character,
                        name,
                        StandInMain.PASSWORD,
                        START_ZENY,
                        SLOTS,
                        at.map(),
                        at.x(),
                        at.y(),
                        JELLOPY,
                        JELLOPIES));
        return character;
    }

    // ---- hosts ----

    private void enrol() throws IOException, InterruptedException {
        alpha = new Machine("alpha", Files.createTempDirectory(programs.work(), "alpha-"), null, programs);
        beta = new Machine("beta", Files.createTempDirectory(programs.work(), "beta-"), null, programs);
        // The player's own limit: this is the true reason why the second map cannot go to alpha.
        Files.writeString(alpha().home().resolve("host_node.conf"), "node:\n  max_maps: 1\n");
        long account = ThreadLocalRandom.current().nextLong(1_000_000_001, 2_000_000_000);
        hosts.enrol(alpha(), account);
        hosts.enrol(beta(), account + 1);
    }

    /** What is seen of all who play before they are moved. */
    private record Before(Map<Player, Integer> entries, int koreEntries, long at) {}

    private Before before(List<Player> whom) {
        Map<Player, Integer> entries = new HashMap<>();
        whom.forEach(player -> entries.put(player, player.entries()));
        return new Before(entries, kore == null ? 0 : kore.entries(), System.nanoTime());
    }

    /** Until all of them, and OpenKore if he is among them, were let in anew and have loaded the map. */
    private void moved(String what, Before before, boolean koreToo) throws InterruptedException {
        long took = play().letInAgain(before.entries(), before.at());
        figure(what, took);
        OpenKore client = kore;
        if (client != null && koreToo) {
            story.until("OpenKore to be let in again", LOOK, () -> {
                check();
                return client.entries() > before.koreEntries() ? Story.Seen.done(true) : Story.Seen.notYet("it waits");
            });
            figure("  the same for OpenKore", System.nanoTime() - before.at());
        }
        check();
    }

    private void firstMapToAlpha() throws InterruptedException {
        Before before = before(List.of(anna()));
        JsonNode entry = ground.awaitHost(first(), alpha());
        firstEpoch = entry.path("epoch").asLong(0);
        moved("from the wish for a host to Anna on alpha, with the start of a stock map-server", before, true);
        awaitPlayers(alpha(), first(), kore == null ? 1 : 2);
        story.say(first() + " is alpha's at epoch " + firstEpoch + "; who plays there did not log in again");
    }

    private void secondMapToBeta() throws InterruptedException {
        Before before = before(List.of(ben()));
        JsonNode entry = ground.awaitHost(second(), beta());
        secondEpoch = entry.path("epoch").asLong(0);
        moved("from the wish for a host to Ben on beta, likewise", before, false);
        awaitPlayers(beta(), second(), 1);
        story.say(second() + " is beta's at epoch " + secondEpoch);
    }

    /** Until the machine's agent counts so many connections of players to its map-server. */
    private void awaitPlayers(Machine machine, String map, int count) throws InterruptedException {
        story.until(machine.name() + " to have " + count + " on " + map, () -> {
            try {
                check();
                for (JsonNode line : hosts.status(machine).path("maps")) {
                    if (line.path("map").asString("").equals(map)
                            && line.path("players").asInt(-1) == count) {
                        return Story.Seen.done(true);
                    }
                }
                return Story.Seen.notYet(hosts.status(machine).path("maps").toString());
            } catch (IOException e) {
                return Story.Seen.notYet(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DemoFailure("interrupted", e);
            }
        });
    }

    // ---- play ----

    private void theyTrade() throws InterruptedException {
        walk(ben(), second(), first(), "through a portal from beta to alpha, with the step to it");
        play().talk(anna(), ben(), "hello from my side");
        play().talk(ben(), anna(), "and from mine");
        play().trade(ben(), anna(), JELLOPY, PRICE);
        for (Player player : players()) {
            awaitSaved(player);
        }
        Stored buyer = saved(anna());
        Stored seller = saved(ben());
        if (buyer.zeny() != START_ZENY - PRICE
                || seller.zeny() != START_ZENY + PRICE
                || buyer.items().getOrDefault(JELLOPY, 0) != JELLOPIES + 1
                || seller.items().getOrDefault(JELLOPY, 0) != JELLOPIES - 1) {
            throw new DemoFailure("after the trade: Anna " + buyer.inWords() + ", Ben " + seller.inWords());
        }
        story.say("Ben sold Anna a jellopy for " + PRICE + " zeny: Anna " + buyer.inWords() + "; Ben "
                + seller.inWords());
    }

    private void walk(Player player, String from, String to, String what) throws InterruptedException {
        int entries = player.entries();
        long before = System.nanoTime();
        play().walkThrough(player, from, to, () -> player.at().map().equals(to) && player.entries() > entries);
        figure(what, System.nanoTime() - before);
        check();
    }

    private void charServerStops() throws IOException, InterruptedException {
        servers().kill(RathenaServers.CHAR);
        story.until(
                "db-proxy without a char-server",
                () -> isCharServerUp() ? Story.Seen.notYet("it has not noticed") : Story.Seen.done(true));
        walk(ben(), first(), second(), "through a portal from alpha to beta without a char-server");
        walk(ben(), second(), first(), "  and back");
        play().talk(anna(), ben(), "did you notice anything");
        servers().start(RathenaServers.CHAR);
        story.until(
                "db-proxy at the char-server again",
                () -> isCharServerUp() ? Story.Seen.done(true) : Story.Seen.notYet("not yet"));
        walk(ben(), first(), second(), "  with the char-server back");
        for (Player player : players()) {
            awaitSaved(player);
        }
        story.say("Ben walked between the hosts while there was no char-server; nobody noticed");
    }

    private void betaIsDrained() throws InterruptedException {
        cleanup.add("beta's drain", () -> api.post("hosts/" + beta().hostId() + ":undrain", Map.of()));
        Before before = before(List.of(ben()));
        api.postOk("hosts/" + beta().hostId() + ":drain", Map.of());
        moved("from the drain of beta to Ben on the reserve", before, false);
        long epoch = ground.awaitOwner(second(), "VPS", Demo.RESERVE, secondEpoch);
        Before there = before(List.of(ben()));
        api.postOk("hosts/" + beta().hostId() + ":undrain", Map.of());
        JsonNode entry = ground.awaitHost(second(), beta());
        secondEpoch = entry.path("epoch").asLong(0);
        moved("from the end of the drain to Ben on beta again", there, false);
        story.say(second() + " went to the reserve at epoch " + epoch + " and back to beta at epoch " + secondEpoch);
        walk(ben(), second(), first(), "through a portal from beta to alpha again");
    }

    // ---- failure ----

    private void alphaDies() throws IOException, InterruptedException {
        story.until("beta to stand by for " + first(), () -> {
            JsonNode row = ground.assignment(first());
            return Demo.standsBy(row, beta()) ? Story.Seen.done(true) : Story.Seen.notYet(row.toString());
        });
        Before before = before(players());
        int cells = alpha().kill();
        moved("from kill -9 of alpha's agent to both players on beta, who stood by", before, true);
        long epoch = ground.awaitOwner(first(), "HOST", beta().hostId(), firstEpoch);
        awaitPlayers(beta(), first(), kore == null ? 2 : 3);
        checkNothingIsLost();
        play().talk(anna(), ben(), "still here");
        story.say(cells + " map-servers of alpha ended with its agent; epoch " + firstEpoch + " -> " + epoch);
        firstEpoch = epoch;
    }

    private void betaDies() throws IOException, InterruptedException {
        Before before = before(players());
        beta().kill();
        moved("from kill -9 of beta's agent to both players on the reserve", before, true);
        long first = ground.awaitOwner(first(), "VPS", Demo.RESERVE, firstEpoch);
        long second = ground.awaitOwner(second(), "VPS", Demo.RESERVE, secondEpoch);
        checkNothingIsLost();
        play().talk(ben(), anna(), "so am I");
        story.say(first() + " at epoch " + first + ", " + second() + " at epoch " + second);
    }

    /** Nobody was ever sent back to the login screen. */
    private void check() {
        if (anna != null && ben != null) {
            Play.check(players());
        }
        if (kore != null) {
            kore.trouble().ifPresent(trouble -> {
                throw new IllegalStateException(trouble);
            });
        }
    }

    private void figure(String what, long nanos) {
        figures.add(
                String.format(Locale.ROOT, "%6d ms  %s", Duration.ofNanos(nanos).toMillis(), what));
    }

    // ---- what is stored ----

    private Stored stored(Player player) {
        List<List<String>> rows = database()
                .ask("select online, last_map, base_level, base_exp, zeny from `char` where char_id = "
                        + player.character());
        List<String> row = rows.getFirst();
        Map<Integer, Integer> items = new TreeMap<>();
        database()
                .ask("select nameid, sum(amount) from inventory where char_id = " + player.character()
                        + " group by nameid")
                .forEach(item -> items.put(Integer.valueOf(item.get(0)), Integer.valueOf(item.get(1))));
        return new Stored(
                row.get(0).equals("1"),
                row.get(1),
                Integer.parseInt(row.get(2)),
                Long.parseLong(row.get(3)),
                Integer.parseInt(row.get(4)),
                items);
    }

    private void awaitSaved(Player player) throws InterruptedException {
        Stored row = story.until(player.name() + " saved", () -> {
            Stored now = stored(player);
            return isWhatHeHas(player, now) ? Story.Seen.done(now) : Story.Seen.notYet(now.inWords());
        });
        saved.put(player, row);
    }

    private static boolean isWhatHeHas(Player player, Stored row) {
        return row.zeny() == player.zeny() && row.items().getOrDefault(JELLOPY, 0) == player.carries(JELLOPY);
    }

    private void checkNothingIsLost() throws InterruptedException {
        for (Player player : players()) {
            Stored had = saved(player);
            until(
                    player.name() + " told what he has",
                    () -> player.carries(JELLOPY) == had.items().getOrDefault(JELLOPY, 0));
            Stored now = stored(player);
            if (!now.isAtLeast(had)) {
                throw new DemoFailure(player.name() + " in the database: " + now.inWords() + " (expected: at least "
                        + had.inWords() + ")");
            }
        }
    }

    private void theyLeave() throws InterruptedException {
        check();
        for (Player player : players()) {
            player.quit();
            Stored row = story.until(player.name() + " offline", () -> {
                Stored now = stored(player);
                return now.online() ? Story.Seen.notYet("online") : Story.Seen.done(now);
            });
            Stored had = saved(player);
            if (!row.isAtLeast(had) || row.zeny() != had.zeny() || !row.items().equals(had.items())) {
                throw new DemoFailure(
                        player.name() + " in the database: " + row.inWords() + " (expected: " + had.inWords() + ")");
            }
            story.say(player.name() + ": " + row.inWords() + ", on " + row.map());
        }
        if (kore != null) {
            story.say("OpenKore was let in " + kore.entries() + " times and logged in " + kore.logins() + " time");
        }
    }

    private void putBack() {
        List<String> faults = cleanup.run();
        if (!faults.isEmpty()) {
            throw new DemoFailure(String.join("; ", faults));
        }
        story.say("minimum, VPS map-servers and processes are as before; alpha and beta stay enrolled, offline; the"
                + " bundle stays released");
    }

    private void until(String what, BooleanSupplier done) throws InterruptedException {
        story.until(what, () -> done.getAsBoolean() ? Story.Seen.done(true) : Story.Seen.notYet("not yet"));
    }

    private String first() {
        return doors().first();
    }

    private String second() {
        return doors().second();
    }

    private Doors doors() {
        return Demo.known(doors, "the pair of maps");
    }

    private Play play() {
        return Demo.known(play, "the world");
    }

    private GameDatabase database() {
        return Demo.known(database, "the database");
    }

    private RathenaServers servers() {
        return Demo.known(servers, "the stock servers");
    }

    private Machine alpha() {
        return Demo.known(alpha, "alpha");
    }

    private Machine beta() {
        return Demo.known(beta, "beta");
    }

    private Player anna() {
        return Demo.known(anna, "Anna");
    }

    private Player ben() {
        return Demo.known(ben, "Ben");
    }

    private List<Player> players() {
        return List.of(anna(), ben());
    }

    private Stored saved(Player player) {
        return Demo.known(saved.get(player), "what " + player.name() + " had");
    }
}
