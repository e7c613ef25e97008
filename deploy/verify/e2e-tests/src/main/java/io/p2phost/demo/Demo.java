package io.p2phost.demo;

import io.p2phost.bundles.Manifest;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.demo.StandInMain.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The story. It needs a suite with no char-server, in which no other host is Ready and no other VPS is registered. */
public final class Demo {
    /** A player who lends nothing: some maps never go to a machine of the account that plays there. */
    static final long VISITOR = 2_000_000;

    static final String CORE = "demo-core";
    static final String RESERVE = "demo-reserve";
    private static final int JELLOPY = 909;
    private static final int START_ZENY = 1_000;
    private static final int PRICE = 100;
    private static final int CHEATED_LEVEL = 60;

    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final Duration USUAL = Duration.ofSeconds(60);
    /** A join may need the lowered minimum and a second start of the agent on a slow machine. */
    private static final Duration LONG = Duration.ofSeconds(90);
    /** A host whose machine is busy is passed over: time for a small machine to calm down after it started it all. */
    private static final Duration BUSY = Duration.ofMinutes(3);

    private final Api api;
    private final Programs programs;
    private final Site site;
    private final Cleanup cleanup;
    private final Story story;
    private final Hosts hosts;
    private final Ground ground;
    private final Map<Player, Stored> saved = new HashMap<>();
    /** How long it took, for the end. */
    private final List<String> figures = new ArrayList<>();

    private @Nullable DemoWorld world;
    private @Nullable Play play;
    private @Nullable Machine alpha;
    private @Nullable Machine beta;
    private Programs.@Nullable StandIn vps;
    private @Nullable Player anna;
    private @Nullable Player ben;
    private long firstEpoch;
    private long secondEpoch;

    Demo(Api api, Programs programs, Site site, Cleanup cleanup, Story story) {
        this.api = api;
        this.programs = programs;
        this.site = site;
        this.cleanup = cleanup;
        this.story = story;
        this.hosts = new Hosts(api, programs, cleanup, story);
        this.ground = new Ground(api, site, hosts, cleanup, story);
    }

    void tell() {
        story.step("The suite answers", SHORT, ground::answers);
        story.step("The demo has the suite for itself", USUAL, this::nobodyElse);
        story.step("The operator's game servers start, and two players' machines", USUAL, this::machines);
        story.step("Without a VPS map-server there is no answer, and never an invented one", SHORT, this::noVps);
        story.step("The operator registers the VPS map-servers", SHORT, this::registerVps);
        story.step("Anna logs in; nobody lends a machine, so the VPS serves the map", USUAL, this::firstPlayer);
        story.step("Two players enrol their machines", USUAL, this::enrol);
        story.step("alpha joins with what this machine really has", LONG, () -> hosts.join(alpha()));
        story.step("Her map goes to alpha, and she with it, in the game all the time", BUSY, this::firstMapToAlpha);
        story.step("beta joins", LONG, () -> hosts.join(beta()));
        story.step("Ben's map goes to beta, because alpha is full", BUSY, this::secondMapToBeta);
        story.step("They play: a portal from beta to alpha, talk, monsters, loot", LONG, this::theyPlay);
        story.step("They trade, and the game's database has it", USUAL, this::theyTrade);
        story.step("A restricted map never leaves the VPS; one walks there and back", LONG, this::restrictedStays);
        story.step(
                "The char-server stops; a portal from alpha to beta works all the same", LONG, this::charServerStops);
        story.step("beta is drained and comes back: its map moves as planned, twice", LONG, this::betaIsDrained);
        story.step("alpha's agent is killed with -9: its map and players move to beta", LONG, this::alphaDies);
        story.step("beta cheats: a save and a take-over of an account are refused", USUAL, this::betaCheats);
        story.step("beta's agent is killed with -9: both maps and all players move to the VPS", USUAL, this::betaDies);
        story.step("alpha comes back with its old epoch and is refused", LONG, this::alphaIsRefused);
        story.step("The players leave; what they own is in the game's database", USUAL, this::theyLeave);
        story.step("The suite remembers it all", SHORT, this::remembered);
        story.step("Everything is put back", USUAL, this::putBack);
        story.say("");
        figures.forEach(story::say);
        story.say("");
        story.say("The story is told: every step was checked through the public API, by players' clients and in the"
                + " game's database.");
    }

    // ---- before the story ----

    /** Whether every part is up; the char-server is the operator's, and there may be none where the story is told. */
    public static boolean isWell(JsonNode status) {
        JsonNode degraded = status.path("degraded");
        boolean charServerOnly = !degraded.isEmpty() && degraded.valueStream().allMatch(Demo::isCharServer);
        return charServerOnly || status.path("state").asString("").equals("UP");
    }

    static boolean isCharServer(JsonNode degraded) {
        return degraded.asString("").startsWith("db-proxy: charServer: ");
    }

    private void nobodyElse() throws InterruptedException, IOException {
        ground.isFree();
        DemoWorld chosen = chooseMaps(api.all("maps"));
        world = chosen;
        play = new Play(story, chosen);
        story.say("maps: " + chosen.first() + " and " + chosen.second() + " may be hosted by players, " + chosen.city()
                + " may not");
    }

    static DemoWorld chooseMaps(List<JsonNode> maps) {
        List<String> eligible = maps.stream()
                .filter(map -> map.path("eligibility").asString("").equals("ELIGIBLE"))
                .filter(map -> map.path("minTier").asInt(9) == 1)
                .map(map -> map.path("map").asString(""))
                .filter(map -> MapName.of(map).announceable())
                .sorted(Comparator.comparing((String map) -> !map.equals("p2p_test"))
                        .thenComparing(map -> map))
                .limit(2)
                .toList();
        Optional<String> restricted = maps.stream()
                .filter(map -> map.path("eligibility").asString("").equals("RESTRICTED"))
                .map(map -> map.path("map").asString(""))
                .filter(map -> MapName.of(map).announceable())
                .findFirst();
        if (eligible.size() < 2 || restricted.isEmpty()) {
            throw new DemoFailure("maps: " + eligible.size() + " of tier 1, "
                    + restricted.stream().count() + " restricted (expected: at least 2 and 1)");
        }
        return new DemoWorld(restricted.get(), eligible);
    }

    private void machines() throws IOException, InterruptedException {
        cleanup.add("processes of the demo", programs::stopAll);
        if (!Ports.isFree(site.charServer())) {
            throw new DemoFailure(
                    site.charServer() + " is taken (expected: free for the demo's char-server; stop yours,"
                            + " or tell the story on another suite: ./p2p up --home DIR --port-offset N)");
        }
        Programs.StandIn operators = programs.standIn(
                "vps",
                List.of(
                        StandInMain.VPS,
                        world().city(),
                        world().hostedInOneWord(),
                        site.loginServer().toString(),
                        site.charServer().toString(),
                        site.core().toString(),
                        site.reserve().toString(),
                        site.vpsSide().toString()));
        vps = operators;
        Path bundle = Files.createTempDirectory(programs.work(), "bundle-");
        Manifest manifest = StandInBundle.of(world(), bundle);
        alpha = machine("alpha", bundle);
        beta = machine("beta", bundle);
        // The player's own limit: this is the true reason why the second map cannot go to alpha.
        Files.writeString(alpha().home().resolve("host_node.conf"), "node:\n  max_maps: 1\n");
        story.until("db-proxy at the char-server " + site.charServer() + ", core and reserve through it", () -> {
            JsonNode degraded = api.get("status").path("degraded");
            boolean loggedIn = degraded.valueStream().noneMatch(Demo::isCharServer);
            return loggedIn && operators.isReady(StandInMain.CORE) && operators.isReady(StandInMain.RESERVE)
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet((loggedIn ? "" : "not ") + "logged in (expected: p2p.db-proxy.upstream "
                            + site.charServer() + ")");
        });
        story.say("the operator's: login-server, char-server at " + site.charServer()
                + ", map-servers core and reserve, logged in through db-proxy");
        story.say("alpha (its owner allows one map: max_maps: 1) and beta, each with bundle " + manifest.version()
                + ": " + manifest.files().size() + " files, " + manifest.totalBytes() / 1024 + " KiB");
        story.say("all game servers are simulated and speak rAthena's protocol; the agents are those that players run");
    }

    private Machine machine(String name, Path bundle) throws IOException {
        return new Machine(name, Files.createTempDirectory(programs.work(), name + "-"), bundle, programs);
    }

    private void noVps() {
        Api.Answer answer = ground.enter(world().city(), UUID.randomUUID().toString());
        if (answer.status() != 503 || !answer.slug().equals("no-vps")) {
            throw new DemoFailure("entry to " + world().city() + ": " + answer.inWords() + " (expected: 503 no-vps)");
        }
        story.say(answer.inWords());
    }

    private void registerVps() {
        ground.register(CORE, site.core(), "CORE");
        ground.register(RESERVE, site.reserve(), "RESERVE");
    }

    private void firstPlayer() throws InterruptedException {
        Player player = player("Anna", world().first());
        anna = player;
        play().login(player);
        play().areOn("the reserve", List.of(player), () -> vps().plays(StandInMain.RESERVE, player));
        story.say("Anna logged in at the login-server, chose her character, was sent to the relay at " + player.server()
                + ", and plays " + world().first() + " on the reserve");
    }

    private Player player(String name, String map) {
        int character = vps().ask("create " + name + " " + map).intValue();
        Player player = new Player(name, character, site.loginServer());
        cleanup.add(name + "'s client", player::close);
        return player;
    }

    // ---- hosts ----

    private void enrol() throws IOException, InterruptedException {
        // New accounts each time: how many machines one account may lend is limited, and the demo may be told often.
        long account = ThreadLocalRandom.current().nextLong(3_000_000, 2_000_000_000);
        hosts.enrol(alpha(), account);
        hosts.enrol(beta(), account + 1);
    }

    // ---- maps ----

    private void firstMapToAlpha() throws InterruptedException {
        Player player = anna();
        long before = System.nanoTime();
        JsonNode entry = ground.awaitHost(world().first(), alpha());
        firstEpoch = entry.path("epoch").asLong(0);
        play().areOn("alpha", List.of(player), () -> alpha().plays(world().first(), player));
        figure("from the wish for a host to Anna on alpha, with the start of a map-server", System.nanoTime() - before);
        story.say(world().first() + " is alpha's at epoch " + firstEpoch
                + "; Anna plays on alpha's map-server now, without having logged in again");
        checkSameRequestSameAnswer(entry);
    }

    private void checkSameRequestSameAnswer(JsonNode seen) {
        String requestId = UUID.randomUUID().toString();
        JsonNode first = ground.enter(world().first(), requestId).json();
        JsonNode again = ground.enter(world().first(), requestId).json();
        if (!first.equals(again)) {
            throw new DemoFailure("the same request was answered differently: " + first + " and " + again);
        }
        if (first.path("epoch").asLong(-1) != seen.path("epoch").asLong(-2)) {
            throw new DemoFailure("the epoch changed without a reason: " + first);
        }
    }

    private void secondMapToBeta() throws InterruptedException {
        String map = world().second();
        // Starting it all has kept this machine busy, and a busy host is passed over whatever else is true of it.
        JsonNode refusal = story.until("alpha to be passed over because it is full, beta to be free", () -> {
            JsonNode explained = api.get("maps/" + map + "/explain?region=" + Hosts.REGION);
            JsonNode why = Ground.candidate(explained, alpha().hostId()).path("refusal");
            JsonNode whyNotBeta = Ground.candidate(explained, beta().hostId()).path("refusal");
            return why.path("gate").asString("").equals("MAP_SLOTS") && whyNotBeta.isEmpty()
                    ? Story.Seen.done(why)
                    : Story.Seen.notYet("alpha " + why + ", beta " + whyNotBeta);
        });
        Player player = player("Ben", map);
        ben = player;
        play().login(player);
        JsonNode entry = ground.awaitHost(map, beta());
        secondEpoch = entry.path("epoch").asLong(0);
        play().areOn("beta", List.of(player), () -> beta().plays(map, player));
        story.say(map + " is beta's at epoch " + secondEpoch + "; Ben plays on beta's map-server");
        tellScore(entry);
        story.say("why not alpha: " + refusal.path("gate").asString("") + ", "
                + refusal.path("detail").asString(""));
    }

    private void tellScore(JsonNode entry) {
        JsonNode score = entry.path("score");
        if (!score.isObject()) {
            score = Ground.candidate(
                            api.get("maps/" + world().second() + "/explain?region=" + Hosts.REGION), beta().hostId())
                    .path("score");
        }
        if (!score.isObject() || score.path("terms").isEmpty()) {
            throw new DemoFailure("beta's score is not explained: " + score);
        }
        StringBuilder text = new StringBuilder("score ")
                .append(score.path("total").asString("?"))
                .append(':');
        score.path("terms")
                .forEach(term -> text.append(' ')
                        .append(term.path("name").asString("?"))
                        .append(' ')
                        .append(term.path("value").asString("?"))
                        .append(" x ")
                        .append(term.path("weight").asString("?"))
                        .append(','));
        text.setLength(text.length() - 1);
        story.say(text.toString());
    }

    // ---- play ----

    private void theyPlay() throws InterruptedException {
        play().walkThrough(ben(), world().second(), world().first(), () -> alpha().plays(world().first(), ben()));
        play().talk(anna(), ben(), "hello from my side");
        play().talk(ben(), anna(), "and from mine");
        story.say("Ben walked through a portal from beta's map to alpha's; he and Anna hear each other");
        huntUntilLoot(anna());
        huntUntilLoot(ben());
        for (Player player : players()) {
            story.say(player.name() + " after the autosave, in the database: "
                    + awaitSaved(player).inWords());
        }
    }

    private void huntUntilLoot(Player player) throws InterruptedException {
        int before = player.carries(JELLOPY);
        do {
            play().hunt(player);
        } while (player.carries(JELLOPY) == before);
    }

    private Stored stored(Player player) {
        return Json.mapper().convertValue(vps().ask("character " + player.character()), Stored.class);
    }

    /** What the game's database has once it is what the player was told. */
    private Stored awaitSaved(Player player) throws InterruptedException {
        Stored row = story.until(player.name() + " saved", () -> {
            Stored now = stored(player);
            return isWhatHeHas(player, now) ? Story.Seen.done(now) : Story.Seen.notYet(now.inWords());
        });
        saved.put(player, row);
        return row;
    }

    private static boolean isWhatHeHas(Player player, Stored row) {
        return row.experience() == player.experience()
                && row.items().getOrDefault(JELLOPY, 0) == player.carries(JELLOPY);
    }

    private Stored saved(Player player) {
        return known(saved.get(player), "what " + player.name() + " had");
    }

    /** Nothing has happened since the autosave: he has what was saved, and so has the database. */
    private void checkNothingIsLost() throws InterruptedException {
        for (Player player : players()) {
            story.until(
                    player.name() + " told what he has",
                    () -> isWhatHeHas(player, saved(player))
                            ? Story.Seen.done(true)
                            : Story.Seen.notYet(
                                    "experience " + player.experience() + ", jellopies " + player.carries(JELLOPY)
                                            + " (expected: " + saved(player).inWords() + ")"));
            Stored now = stored(player);
            if (!now.isAtLeast(saved(player))) {
                throw new DemoFailure(player.name() + " in the database: " + now.inWords() + " (expected: at least "
                        + saved(player).inWords() + ")");
            }
        }
    }

    private void theyTrade() throws InterruptedException {
        int jellopies = anna().carries(JELLOPY);
        play().trade(ben(), anna(), JELLOPY, PRICE);
        for (Player player : players()) {
            awaitSaved(player);
        }
        Stored buyer = saved(anna());
        Stored seller = saved(ben());
        if (buyer.zeny() + seller.zeny() != 2 * START_ZENY
                || buyer.zeny() != START_ZENY - PRICE
                || buyer.items().getOrDefault(JELLOPY, 0) != jellopies + 1) {
            throw new DemoFailure("after the trade: Anna " + buyer.inWords() + ", Ben " + seller.inWords());
        }
        story.say("Ben sold Anna a jellopy for " + PRICE + " zeny: Anna " + buyer.inWords() + "; Ben "
                + seller.inWords());
    }

    private void charServerStops() throws InterruptedException {
        cleanup.add("the char-server", () -> vps().ask("char-server start"));
        vps().ask("char-server stop");
        story.until(
                "db-proxy without a char-server",
                () -> api.get("status").path("degraded").valueStream().anyMatch(Demo::isCharServer)
                        ? Story.Seen.done(true)
                        : Story.Seen.notYet("it has not noticed"));
        long before = System.nanoTime();
        play().walkThrough(ben(), world().first(), world().second(), () -> beta().plays(world().second(), ben()));
        figure(
                "through a portal from alpha to beta without a char-server, with the walk to it",
                System.nanoTime() - before);
        Play.check(players());
        huntUntilLoot(ben());
        vps().ask("char-server start");
        story.until("db-proxy at the char-server again", () -> {
            JsonNode degraded = api.get("status").path("degraded");
            return degraded.valueStream().noneMatch(Demo::isCharServer)
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet(degraded.toString());
        });
        story.say("Ben walked from alpha's map to beta's and hunted there while there was no char-server; afterwards: "
                + awaitSaved(ben()).inWords());
    }

    private void betaIsDrained() throws InterruptedException {
        String map = world().second();
        cleanup.add("beta's drain", () -> api.post("hosts/" + beta().hostId() + ":undrain", Map.of()));
        Map<Player, Integer> entries = Map.of(ben(), ben().entries());
        long before = System.nanoTime();
        api.postOk("hosts/" + beta().hostId() + ":drain", Map.of());
        long moved = play().letInAgain(entries, before);
        play().areOn("the reserve", List.of(ben()), () -> vps().plays(StandInMain.RESERVE, ben()));
        long epoch = ground.awaitOwner(map, "VPS", RESERVE, secondEpoch);
        figure("from the drain of beta to Ben on the reserve", moved);
        checkNothingIsLost();
        api.postOk("hosts/" + beta().hostId() + ":undrain", Map.of());
        JsonNode entry = ground.awaitHost(map, beta());
        play().areOn("beta", List.of(ben()), () -> beta().plays(map, ben()));
        story.say(map + " went to the reserve at epoch " + epoch + " and back to beta at epoch "
                + entry.path("epoch").asLong(0) + ", Ben with it, in the game all the time");
        secondEpoch = entry.path("epoch").asLong(0);
        play().walkThrough(ben(), map, world().first(), () -> alpha().plays(world().first(), ben()));
    }

    private void restrictedStays() throws InterruptedException {
        String city = world().city();
        JsonNode entry = ground.enter(city, UUID.randomUUID().toString()).json();
        if (!entry.path("decision").asString("").equals("VPS")
                || !entry.path("reason").asString("").equals("RESTRICTED")) {
            throw new DemoFailure("entry to " + city + ": " + entry + " (expected: VPS, RESTRICTED)");
        }
        Api.Answer forced =
                api.post("maps/" + city + ":migrate", Map.of("to", Map.of("kind", "HOST", "id", beta().hostId())));
        if (forced.status() / 100 != 4) {
            throw new DemoFailure("migration of " + city + " to a host: " + forced.inWords() + " (expected: refused)");
        }
        story.say("moving " + city + " to a host by hand is refused: " + forced.inWords());
        play().walkThrough(anna(), world().first(), city, () -> vps().plays(StandInMain.CORE, anna()));
        String core = anna().server();
        play().walkThrough(anna(), city, world().first(), () -> alpha().plays(world().first(), anna()));
        play().talk(anna(), ben(), "back from the city");
        story.say("Anna walked from alpha's map to " + city + " on core at " + core + ", and back to alpha");
    }

    // ---- failure ----

    private Map<Player, Integer> entries() {
        Map<Player, Integer> entries = new HashMap<>();
        players().forEach(player -> entries.put(player, player.entries()));
        return entries;
    }

    private void figure(String what, long nanos) {
        figures.add(
                String.format(Locale.ROOT, "%6d ms  %s", Duration.ofNanos(nanos).toMillis(), what));
    }

    private void alphaDies() throws IOException, InterruptedException {
        story.until("beta to stand by for " + world().first(), () -> {
            JsonNode row = ground.assignment(world().first());
            return standsBy(row, beta()) ? Story.Seen.done(true) : Story.Seen.notYet(row.toString());
        });
        Map<Player, Integer> entries = entries();
        long before = System.nanoTime();
        int cells = alpha().kill();
        long moved = play().letInAgain(entries, before);
        figure("from kill -9 of alpha's agent to both players on beta, who stood by", moved);
        story.say(cells + " map-servers of alpha ended with its agent");
        play().areOn(
                        "beta",
                        players(),
                        () -> players().stream().allMatch(player -> beta().plays(world().first(), player)));
        long epoch = ground.awaitOwner(world().first(), "HOST", beta().hostId(), firstEpoch);
        checkNothingIsLost();
        play().talk(anna(), ben(), "still here");
        story.say(String.format(
                Locale.ROOT,
                "%d ms after the kill Anna and Ben had loaded the map on beta; nobody saw the login screen; epoch %d -> %d",
                Duration.ofNanos(moved).toMillis(),
                firstEpoch,
                epoch));
        huntUntilLoot(anna());
        for (Player player : players()) {
            awaitSaved(player);
        }
        story.say("Anna goes on: " + saved(anna()).inWords());
    }

    private void betaCheats() throws IOException, InterruptedException {
        int victim = vps().ask("create Carl " + world().city()).intValue();
        Stored before = Json.mapper().convertValue(vps().ask("character " + victim), Stored.class);
        int account = vps().ask("account " + victim).intValue();
        beta().cheat(world().first(), "level " + anna().name() + " " + CHEATED_LEVEL);
        JsonNode levels = awaitVerdict("a save with levels that nobody gained");
        beta().cheat(world().first(), "take-over " + account + " " + victim + " " + world().first());
        story.until(
                "the order obeyed",
                () -> beta().obeyed(world().first(), "take-over")
                        ? Story.Seen.done(true)
                        : Story.Seen.notYet("not yet"));
        Stored after = Json.mapper().convertValue(vps().ask("character " + victim), Stored.class);
        Stored annas = stored(anna());
        if (!after.equals(before) || annas.level() >= CHEATED_LEVEL) {
            throw new DemoFailure("the cheat is stored: Carl " + after.inWords() + ", Anna " + annas.inWords());
        }
        story.say("Anna's level " + CHEATED_LEVEL + " is not stored: " + annas.inWords());
        story.say("Carl, who was not even logged in, is as before: " + after.inWords());
        story.say("verdict: " + levels);
    }

    private JsonNode awaitVerdict(String what) throws InterruptedException {
        return story.until(
                "a verdict of " + what,
                () -> api.all("validations?hostId=" + beta().hostId()).stream()
                        .filter(each -> each.path("verdict").asString("").equals("FAILED"))
                        .findFirst()
                        .map(Story.Seen::done)
                        .orElseGet(() -> Story.Seen.notYet("none")));
    }

    private void betaDies() throws IOException, InterruptedException {
        long firstBefore = ground.assignment(world().first()).path("epoch").asLong(0);
        Map<Player, Integer> entries = entries();
        long before = System.nanoTime();
        beta().kill();
        long moved = play().letInAgain(entries, before);
        figure("from kill -9 of beta's agent to both players on the reserve", moved);
        play().areOn(
                        "the reserve",
                        players(),
                        () -> players().stream().allMatch(player -> vps().plays(StandInMain.RESERVE, player)));
        long first = ground.awaitOwner(world().first(), "VPS", RESERVE, firstBefore);
        long second = ground.awaitOwner(world().second(), "VPS", RESERVE, secondEpoch);
        checkNothingIsLost();
        play().talk(ben(), anna(), "so am I");
        story.say(String.format(
                Locale.ROOT,
                "%d ms after the kill Anna and Ben had loaded the map on the reserve; %s at epoch %d, %s at epoch %d",
                Duration.ofNanos(moved).toMillis(),
                world().first(),
                first,
                world().second(),
                second));
    }

    /** Whether that machine would take the map over at once. */
    static boolean standsBy(JsonNode assignment, Machine machine) {
        JsonNode standby = assignment.path("standby");
        return standby.path("hostId").asString("").equals(machine.hostId())
                && standby.path("connected").asBoolean(false);
    }

    static JsonNode assignment(Api api, String map) {
        return api.all("assignments").stream()
                .filter(row -> row.path("map").asString("").equals(map))
                .findFirst()
                .orElseThrow(() -> new DemoFailure(map + " has no assignment"));
    }

    private void alphaIsRefused() throws IOException, InterruptedException {
        Machine machine = alpha();
        hosts.comeBack(machine);
        JsonNode fence = story.until("alpha to be told that its epoch is over", () -> {
            try {
                for (JsonNode line : hosts.status(machine).path("fenced")) {
                    if (line.path("map").asString("").equals(world().first())) {
                        return Story.Seen.done(line);
                    }
                }
                return Story.Seen.notYet("not in p2p-host status");
            } catch (IOException e) {
                return Story.Seen.notYet(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DemoFailure("interrupted", e);
            }
        });
        long current = fence.path("currentEpoch").asLong(0);
        if (fence.path("epoch").asLong(0) != firstEpoch || current <= firstEpoch) {
            throw new DemoFailure("fence: " + fence + " (expected: epoch " + firstEpoch + ", current above it)");
        }
        JsonNode row = ground.assignment(world().first());
        if (row.path("epoch").asLong(0) < current) {
            throw new DemoFailure("assignment went back to " + row + " (expected: epoch >= " + current + ")");
        }
        story.say("alpha offered " + world().first() + " with epoch " + firstEpoch + " and was refused: current is "
                + current);
        JsonNode audit = story.until(
                "the refusal in the audit log",
                () -> api.all("audit?action=char-link.refused&limit=100").stream()
                        .filter(entry -> entry.toString().contains(world().first())
                                && entry.toString().contains(machine.hostId()))
                        .findFirst()
                        .map(Story.Seen::done)
                        .orElseGet(() -> Story.Seen.notYet("no char-link.refused of " + world().first())));
        play().talk(anna(), ben(), "no matter to us");
        story.say("audit: " + audit.path("occurredAt").asString("") + " "
                + audit.path("action").asString("") + " " + audit.path("detail"));
    }

    private void theyLeave() throws InterruptedException {
        for (Player player : players()) {
            Play.check(List.of(player));
            int jellopies = player.carries(JELLOPY);
            long experience = player.experience();
            player.quit();
            Stored row = story.until(player.name() + " offline", () -> {
                Stored now = stored(player);
                return now.online() ? Story.Seen.notYet("online") : Story.Seen.done(now);
            });
            if (row.experience() != experience
                    || row.items().getOrDefault(JELLOPY, 0) != jellopies
                    || !row.isAtLeast(saved(player))) {
                throw new DemoFailure(player.name() + " in the database: " + row.inWords() + " (expected: experience "
                        + experience + ", " + jellopies + " jellopies, at least "
                        + saved(player).inWords() + ")");
            }
            story.say(player.name() + ": " + row.inWords() + ", on " + row.map());
        }
    }

    private void remembered() throws InterruptedException {
        int points = story.until("alpha's load in the history", () -> {
            int seen =
                    api.get("metrics/hosts/" + alpha().hostId()).path("points").size();
            return seen > 0 ? Story.Seen.done(seen) : Story.Seen.notYet("nothing yet");
        });
        story.say("alpha's load: " + points + " points in the last hour");
        int verdicts = api.all("validations?limit=100").size();
        story.say("the validator's verdicts can be read: " + verdicts);
    }

    // ---- the end ----

    private void putBack() throws IOException {
        List<String> faults = cleanup.run();
        if (!faults.isEmpty()) {
            throw new DemoFailure(String.join("; ", faults));
        }
        try (Stream<Path> files = Files.list(programs.work())) {
            for (Path folder : files.filter(Files::isDirectory).toList()) {
                deleteHome(folder);
            }
        }
        story.say("minimum, VPS map-servers and processes are as before; alpha and beta stay enrolled, offline");
    }

    private static void deleteHome(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    static <T> T known(@Nullable T value, String what) {
        if (value == null) {
            throw new DemoFailure(what + " is not there yet");
        }
        return value;
    }

    private DemoWorld world() {
        return known(world, "the world");
    }

    private Play play() {
        return known(play, "the world");
    }

    private Machine alpha() {
        return known(alpha, "alpha");
    }

    private Machine beta() {
        return known(beta, "beta");
    }

    private Programs.StandIn vps() {
        return known(vps, "the VPS");
    }

    private Player anna() {
        return known(anna, "Anna");
    }

    private Player ben() {
        return known(ben, "Ben");
    }

    private List<Player> players() {
        return List.of(anna(), ben());
    }
}
