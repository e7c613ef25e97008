package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Many lent machines with a map each and players on all of them; a share of the machines is lost in one moment. Each
 * player's client notes when it was told of its map anew, and whether its connection ended; some of those on machines
 * that stay speak all the time, and note how long their words take. In the end the players of the lost machines end
 * their connections themselves and log in, all at once: what they would have to do without the suite.
 */
final class Storm {
    private static final Duration USUAL = Duration.ofMinutes(2);
    private static final Duration LONG = Duration.ofMinutes(6);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration CALM = Duration.ofSeconds(15);
    /** How long standbys may take that the suite finds no host for, before the storm comes all the same. */
    private static final Duration SETTLE = Duration.ofMinutes(4);

    private static final int AT_ONCE = 16;
    private static final int SPEAKERS = 50;
    private static final Path KERNEL = Path.of("/proc/net/netstat");
    private static final String ELIGIBILITY = "p2p_map_eligibility.conf";
    private static final String LIMITS = "p2p_map_config.conf";
    /** One machine for everything: how long the way to a host takes says nothing about the host here. */
    private static final int LONGEST_WAY_MILLIS = 10_000;

    private static final String CITY = "prontera";

    private final Api api;
    private final Programs programs;
    private final Site site;
    private final Cleanup cleanup;
    private final Story story;
    private final Sizes sizes;
    private final DemoWorld world;
    private final List<Player> players = new ArrayList<>();
    private final Set<String> vanishing = new HashSet<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().daemon().name("worker-", 1).factory());
    private Programs.@Nullable StandIn vps;
    private Programs.@Nullable StandIn staying;
    private Programs.@Nullable StandIn lost;

    /**
     * How much of everything.
     *
     * @param hosts lent machines, and maps
     * @param vanishing how many of them are lost
     */
    record Sizes(int hosts, int vanishing, int players) {
        Sizes {
            if (hosts < 2 || hosts > 250 || vanishing < 1 || vanishing >= hosts || players < 1) {
                throw new DemoFailure("sizes: " + hosts + " hosts, " + vanishing + " lost, " + players
                        + " players (expected: 2 to 250 hosts, of which some are lost, and a player)");
            }
        }
    }

    /** Where a player's map is. */
    private record Where(String kind, String id, boolean standby) {}

    Storm(Api api, Programs programs, Site site, Cleanup cleanup, Story story, Sizes sizes) {
        this.api = api;
        this.programs = programs;
        this.site = site;
        this.cleanup = cleanup;
        this.story = story;
        this.sizes = sizes;
        this.world = new DemoWorld(
                CITY,
                IntStream.range(0, Math.max(sizes.hosts(), 2))
                        .mapToObj(i -> String.format(Locale.ROOT, "storm_%03d", i))
                        .toList());
    }

    void run() throws IOException, InterruptedException {
        cleanup.add("processes", programs::stopAll);
        cleanup.add("workers", workers::shutdownNow);
        story.step("The suite is up", USUAL, this::suiteAnswers);
        story.step(sizes.hosts() + " maps may be hosted", USUAL, this::maps);
        story.step("The operator's game servers", USUAL, this::operators);
        story.step(sizes.hosts() + " lent machines join", LONG, this::machines);
        story.step("Each map goes to a machine", LONG, this::place);
        story.step("Another machine stands by for each map", LONG, this::standbys);
        story.step(sizes.players() + " players log in", LONG, this::login);
        story.step(sizes.vanishing() + " machines are lost in one moment", LONG, this::vanish);
        List<String> faults = cleanup.run();
        if (!faults.isEmpty()) {
            throw new DemoFailure(String.join("; ", faults));
        }
        story.say(result);
    }

    private String result = "";

    private void suiteAnswers() throws InterruptedException {
        story.until("every part of the suite to be up", () -> {
            JsonNode status = api.get("status");
            return Demo.isWell(status) ? Story.Seen.done(true) : Story.Seen.notYet(status.toString());
        });
    }

    private void maps() throws InterruptedException {
        publish(LIMITS, limits(1));
        StringBuilder text = new StringBuilder();
        world.hosted().forEach(map -> text.append(map).append(": 1\n"));
        publish(ELIGIBILITY, text + api.getText("config/" + ELIGIBILITY));
        story.until("the maps to be eligible", () -> {
            long eligible = api.all("maps").stream()
                    .filter(map -> world.hosted().contains(map.path("map").asString("")))
                    .filter(map -> map.path("eligibility").asString("").equals("ELIGIBLE"))
                    .count();
            return eligible == world.hosted().size() ? Story.Seen.done(true) : Story.Seen.notYet(eligible + " are");
        });
    }

    private String limits(int mapsOfOneHost) {
        return api.getText("config/" + LIMITS)
                .replaceFirst("(?m)^max_maps_per_host:.*$", "max_maps_per_host: " + mapsOfOneHost)
                .replaceFirst("(?m)^max_latency_ms:.*$", "max_latency_ms: " + LONGEST_WAY_MILLIS);
    }

    /** Until the end. */
    private void publish(String file, String text) {
        String before = api.getText("config/" + file);
        cleanup.add(file, () -> api.putText("config/" + file, before));
        api.putText("config/" + file, text);
    }

    private void operators() throws IOException, InterruptedException {
        Programs.StandIn operators = programs.standIn(
                "vps",
                "-Xmx512m",
                StandInMain.class,
                List.of(
                        StandInMain.VPS,
                        world.city(),
                        world.hostedInOneWord(),
                        site.loginServer().toString(),
                        site.charServer().toString(),
                        site.core().toString(),
                        site.reserve().toString(),
                        site.vpsSide().toString(),
                        Integer.toString(StandInMain.STOCK_AUTOSAVE_SECONDS)));
        vps = operators;
        story.until(
                "core and reserve",
                () -> operators.isReady(StandInMain.CORE) && operators.isReady(StandInMain.RESERVE)
                        ? Story.Seen.done(true)
                        : Story.Seen.notYet("not logged in"));
        register(Demo.CORE, site.core(), "CORE");
        register(Demo.RESERVE, site.reserve(), "RESERVE");
    }

    private void register(String id, Endpoint at, String role) {
        cleanup.add("VPS " + id, () -> api.delete("vps/" + id));
        api.putOk("vps/" + id, Map.of("host", at.host(), "port", at.port(), "role", role));
    }

    private void machines() throws IOException, InterruptedException {
        Programs.StandIn stay = hosts("staying");
        Programs.StandIn vanish = hosts("vanishing");
        staying = stay;
        lost = vanish;
        long account = ThreadLocalRandom.current().nextLong(3_000_000, 2_000_000_000);
        for (int i = 0; i < sizes.hosts(); i++) {
            String code = api.postOk("enrolments", Map.of("accountId", account + i, "label", "storm " + i))
                    .path("code")
                    .asString("");
            // One after the other from both, so that neither has the machines that joined first.
            boolean vanishes = (i + 1) * sizes.vanishing() / sizes.hosts() > i * sizes.vanishing() / sizes.hosts();
            String id = (vanishes ? vanish : stay)
                    .ask(StormHostsMain.JOIN + " " + i + " " + code)
                    .asString("");
            if (vanishes) {
                vanishing.add(id);
            }
        }
        story.until("all machines to be Ready", () -> {
            int ready = api.all("hosts?state=READY&limit=100").size();
            return ready == sizes.hosts() ? Story.Seen.done(true) : Story.Seen.notYet(ready + " are");
        });
    }

    private Programs.StandIn hosts(String name) throws IOException {
        return programs.standIn(
                name,
                "-Xmx1g",
                StormHostsMain.class,
                List.of(
                        api.gateway().toString(),
                        Files.createDirectories(programs.work().resolve(name)).toString(),
                        world.city(),
                        world.hostedInOneWord(),
                        Integer.toString(site.ports().free("127.0.0.1").port())));
    }

    /** As players would: each is asked for until a machine has it. Then a machine may stand by for further maps. */
    private void place() throws InterruptedException {
        List<Future<?>> asked = new ArrayList<>();
        AtomicInteger placed = new AtomicInteger();
        for (String map : world.hosted()) {
            asked.add(workers.submit(() -> {
                while (!isHosted(map)) {
                    Thread.sleep(LOOK);
                }
                return placed.incrementAndGet();
            }));
        }
        story.until(
                "all maps on machines",
                () -> asked.stream().allMatch(Future::isDone) && placed.get() == asked.size()
                        ? Story.Seen.done(true)
                        : Story.Seen.notYet(placed.get() + " of " + asked.size() + " are"));
        api.putText("config/" + LIMITS, limits(5));
        story.say(owners() + "; phases: " + ask(staying, StormHostsMain.PHASES) + " and "
                + ask(lost, StormHostsMain.PHASES));
    }

    /** Enters as a player would; whether a machine has the map then. */
    private boolean isHosted(String map) {
        try {
            return api.post(
                            "maps/" + map + "/entries",
                            Map.of(
                                    "requestId",
                                    UUID.randomUUID().toString(),
                                    "accountId",
                                    Demo.VISITOR,
                                    "region",
                                    Hosts.REGION))
                    .json()
                    .path("decision")
                    .asString("")
                    .equals("P2P");
        } catch (DemoFailure e) {
            return false;
        }
    }

    private static JsonNode ask(Programs.@Nullable StandIn program, String question) {
        return Demo.known(program, "the process").ask(question);
    }

    /** By map. */
    private Map<String, Where> whereMapsAre() {
        Map<String, Where> maps = new LinkedHashMap<>();
        for (JsonNode row : api.all("assignments?limit=100")) {
            maps.put(
                    row.path("map").asString(""),
                    new Where(
                            row.path("owner").path("kind").asString(""),
                            row.path("owner").path("id").asString(""),
                            row.path("standby").path("connected").asBoolean(false)));
        }
        maps.keySet().retainAll(world.hosted());
        return maps;
    }

    private String owners() {
        Map<String, Where> maps = whereMapsAre();
        long hosted =
                maps.values().stream().filter(map -> map.kind().equals("HOST")).count();
        long machines = maps.values().stream()
                .filter(map -> map.kind().equals("HOST"))
                .map(Where::id)
                .distinct()
                .count();
        long standbys = maps.values().stream().filter(Where::standby).count();
        return hosted + " maps on " + machines + " machines, " + standbys + " with a standby";
    }

    private void standbys() throws InterruptedException {
        Instant end = Instant.now().plus(SETTLE);
        story.until("a standby for each map", () -> {
            long standbys =
                    whereMapsAre().values().stream().filter(Where::standby).count();
            return standbys >= sizes.hosts() || Instant.now().isAfter(end)
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet(standbys + " have one");
        });
        story.say(owners());
    }

    private void login() throws InterruptedException, ExecutionException {
        List<Future<Player>> logins = new ArrayList<>();
        for (int i = 0; i < sizes.players(); i++) {
            String name = "player" + i;
            String map = world.hosted().get(i % world.hosted().size());
            logins.add(workers.submit(() -> {
                int character = vps().ask("create " + name + " " + map).intValue();
                Player player = new Player(name, character, site.loginServer());
                cleanup.add(name + "'s client", player::close);
                while (!player.login()) {
                    Thread.sleep(LOOK);
                }
                return player;
            }));
        }
        for (Future<Player> login : logins) {
            players.add(login.get());
        }
        story.until("all players on the lent machines", () -> {
            int reserve = onReserve().size();
            long out = players.stream().filter(player -> !player.playing()).count();
            return reserve == 0 && out == 0
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet(reserve + " on the reserve, " + out + " out");
        });
        story.say(owners());
    }

    private Set<String> onReserve() {
        Set<String> names = new HashSet<>();
        vps().ask("players " + StandInMain.RESERVE).forEach(name -> names.add(name.asString("")));
        return names;
    }

    private void vanish() throws IOException, InterruptedException {
        Map<String, Where> before = whereMapsAre();
        List<Player> theirs = new ArrayList<>();
        List<Player> others = new ArrayList<>();
        for (int i = 0; i < players.size(); i++) {
            Where map = before.get(world.hosted().get(i % world.hosted().size()));
            (map != null && vanishing.contains(map.id()) ? theirs : others).add(players.get(i));
        }
        long maps = before.values().stream()
                .filter(map -> vanishing.contains(map.id()))
                .count();
        story.say(theirs.size() + " players on " + maps + " maps of the machines that will be lost");
        try (Pulse pulse = new Pulse(others.stream().limit(SPEAKERS).toList())) {
            Instant calm = Instant.now();
            Thread.sleep(CALM);
            List<Double> tripsBefore = pulse.since(calm);
            long refusedBefore = refusedByKernel();
            Instant at = Instant.now();
            Programs.killTree(Demo.known(lost, "the lost machines").process());
            Arrivals arrivals = await(theirs, at);
            List<Double> trips = pulse.since(at);
            long refused = refusedByKernel() - refusedBefore;
            long disturbed = others.stream().filter(Player::away).count();
            say(theirs, arrivals);
            story.say(String.format(
                    Locale.ROOT,
                    "elsewhere: words came back in p50 %.0f, p99 %.0f, most %.0f ms before, %.0f, %.0f, %.0f ms during it;"
                            + " %d of %d players lost their connection; %d connects refused by full backlogs",
                    Failover.percentile(tripsBefore, 0.5),
                    Failover.percentile(tripsBefore, 0.99),
                    Failover.percentile(tripsBefore, 1),
                    Failover.percentile(trips, 0.5),
                    Failover.percentile(trips, 0.99),
                    Failover.percentile(trips, 1),
                    disturbed,
                    others.size(),
                    refused));
            story.say(owners());
            List<Double> loggedIn = reconnect(theirs);
            story.say(String.format(
                    Locale.ROOT,
                    "logged in anew: p50 %.0f, p99 %.0f, last %.0f ms",
                    Failover.percentile(loggedIn, 0.5),
                    Failover.percentile(loggedIn, 0.99),
                    Failover.percentile(loggedIn, 1)));
            double ours = Failover.percentile(arrivals.millis(), 1);
            double rival = Failover.percentile(loggedIn, 1);
            result = String.format(
                    Locale.ROOT,
                    "ours=%.0f rival=%.0f ratio=%.3f unit=ms-last hosts=%d vanished=%d players=%d closed=%d",
                    ours,
                    rival,
                    ours / rival,
                    sizes.hosts(),
                    sizes.vanishing(),
                    sizes.players(),
                    arrivals.closed() + disturbed);
        }
    }

    /**
     * When each was told of his map anew.
     *
     * @param times by player, without those whose connection ended
     * @param onReserve those of them who came back there; some are moved on to machines later
     */
    private record Arrivals(Map<Player, Instant> times, Set<Player> onReserve, Instant start, long closed) {
        List<Double> millis() {
            return times.values().stream()
                    .map(at -> Duration.between(start, at).toNanos() / 1e6)
                    .toList();
        }
    }

    private Arrivals await(List<Player> theirs, Instant at) throws InterruptedException {
        Map<Player, Instant> times = new LinkedHashMap<>();
        Set<Player> toReserve = new HashSet<>();
        List<Player> waiting = new ArrayList<>(theirs);
        List<Player> thrownOut = new ArrayList<>();
        story.until("all players back", LOOK, () -> {
            List<Player> fresh = new ArrayList<>();
            waiting.removeIf(player -> {
                if (player.away()) {
                    thrownOut.add(player);
                    return true;
                }
                return player.arrivedAt()
                        .filter(arrived -> arrived.isAfter(at))
                        .map(arrived -> {
                            times.put(player, arrived);
                            fresh.add(player);
                            return true;
                        })
                        .orElse(false);
            });
            if (!fresh.isEmpty()) {
                Set<String> reserve = onReserve();
                for (Player player : fresh) {
                    if (reserve.contains(player.name())) {
                        toReserve.add(player);
                    }
                }
            }
            return waiting.isEmpty() ? Story.Seen.done(true) : Story.Seen.notYet(waiting.size() + " wait");
        });
        return new Arrivals(times, toReserve, at, thrownOut.size());
    }

    private void say(List<Player> theirs, Arrivals arrivals) {
        List<Instant> toReserve = new ArrayList<>();
        List<Instant> toHosts = new ArrayList<>();
        arrivals.times().forEach((player, at) -> {
            boolean onReserve = arrivals.onReserve().contains(player);
            (onReserve ? toReserve : toHosts).add(at);
        });
        story.say(String.format(
                Locale.ROOT,
                "back in the game: %d players, first %.0f, p50 %.0f, p99 %.0f, last %.0f ms; %d of %d closed",
                arrivals.times().size(),
                Failover.percentile(arrivals.millis(), 0),
                Failover.percentile(arrivals.millis(), 0.5),
                Failover.percentile(arrivals.millis(), 0.99),
                Failover.percentile(arrivals.millis(), 1),
                arrivals.closed(),
                theirs.size()));
        story.say(where("on machines that stood by", toHosts, arrivals.start()));
        story.say(where("on the reserve", toReserve, arrivals.start()));
    }

    private static String where(String place, List<Instant> arrivals, Instant start) {
        if (arrivals.isEmpty()) {
            return place + ": nobody";
        }
        List<Double> millis = arrivals.stream()
                .map(at -> Duration.between(start, at).toNanos() / 1e6)
                .toList();
        return String.format(
                Locale.ROOT,
                "%s: %d players, first %.0f, p50 %.0f, p99 %.0f, last %.0f ms; at most %d within a second",
                place,
                millis.size(),
                Failover.percentile(millis, 0),
                Failover.percentile(millis, 0.5),
                Failover.percentile(millis, 0.99),
                Failover.percentile(millis, 1),
                mostWithin(millis, 1_000));
    }

    /** The most of these moments that fall into one span of that length. */
    static int mostWithin(List<Double> moments, double span) {
        List<Double> sorted = moments.stream().sorted().toList();
        int most = 0;
        int first = 0;
        for (int last = 0; last < sorted.size(); last++) {
            while (sorted.get(last) - sorted.get(first) >= span) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** Connects that a full backlog on this machine let fall; 0 where the system does not say. */
    private static long refusedByKernel() throws IOException {
        return Files.isReadable(KERNEL) ? counter(Files.readAllLines(KERNEL), "TcpExt:", "ListenOverflows") : 0;
    }

    /** A counter of Linux, out of a line of names and the line of values after it. */
    static long counter(List<String> lines, String group, String name) {
        List<String[]> rows = lines.stream()
                .filter(line -> line.startsWith(group))
                .map(line -> line.split("\\s+"))
                .toList();
        for (int i = 0; i + 1 < rows.size(); i += 2) {
            int at = List.of(rows.get(i)).indexOf(name);
            if (at > 0) {
                return Long.parseLong(rows.get(i + 1)[at]);
            }
        }
        return 0;
    }

    /** The same players, as if their connections had ended: login-server, char-server, map. */
    private List<Double> reconnect(List<Player> theirs) throws InterruptedException {
        List<Double> times = new ArrayList<>();
        Instant at = Instant.now();
        theirs.forEach(Player::drop);
        List<Player> waiting = new ArrayList<>(theirs);
        story.until("all players in again", LOOK, () -> {
            waiting.removeIf(player -> {
                if (!player.login()) {
                    return false;
                }
                player.arrivedAt()
                        .ifPresent(arrived ->
                                times.add(Duration.between(at, arrived).toNanos() / 1e6));
                return true;
            });
            return waiting.isEmpty() ? Story.Seen.done(true) : Story.Seen.notYet(waiting.size() + " wait");
        });
        return times;
    }

    private Programs.StandIn vps() {
        return Demo.known(vps, "the VPS");
    }
}
