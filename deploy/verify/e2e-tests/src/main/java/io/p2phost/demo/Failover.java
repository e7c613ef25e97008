package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
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
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Players on a map of one of three lent machines; whichever serves it is killed with -9, at a random moment, again and
 * again. Each player's client notes when it was told of its map anew, and whether its connection ended. In the end all of
 * them end their connections themselves and log in: what a player would have to do without the suite.
 */
final class Failover {
    private static final Duration USUAL = Duration.ofSeconds(90);
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final Duration LOOK = Duration.ofMillis(50);
    /** The moment of a kill falls anywhere into the intervals in which things are saved, announced and looked at. */
    private static final int MOST_WAIT_MILLIS = 5_000;

    /** The one that was killed comes back while the two others are owner and standby. */
    private static final List<String> NAMES = List.of("alpha", "beta", "gamma");

    private final Api api;
    private final Programs programs;
    private final Site site;
    private final Cleanup cleanup;
    private final Story story;
    private final Hosts hosts;
    private final int kills;
    private final List<Player> players = new ArrayList<>();
    private final List<Double> back = new ArrayList<>();
    private final List<Double> loggedIn = new ArrayList<>();
    private final int wanted;
    private int closed;
    private int toHost;
    private @Nullable DemoWorld world;
    private Programs.@Nullable StandIn vps;
    private final List<Machine> machines = new ArrayList<>();
    /** When the machine was started again, by the suite's clock, which is this machine's. */
    private final Map<Machine, Instant> startedAgain = new HashMap<>();

    Failover(Api api, Programs programs, Site site, Cleanup cleanup, Story story, int players, int kills) {
        this.api = api;
        this.programs = programs;
        this.site = site;
        this.cleanup = cleanup;
        this.story = story;
        this.hosts = new Hosts(api, programs, cleanup, story);
        this.wanted = players;
        this.kills = kills;
    }

    void run() {
        cleanup.add("processes", programs::stopAll);
        story.step("The suite is up", USUAL, this::suiteAnswers);
        story.step("Game servers and the lent machines", USUAL, this::machines);
        story.step(wanted + " players log in", USUAL, this::login);
        story.step("The machines join", LONG, this::join);
        for (int kill = 1; kill <= kills; kill++) {
            Machine[] owner = new Machine[1];
            story.step("Kill " + kill + ": all players on one machine, the others ready", LONG, () -> {
                owner[0] = gather();
            });
            story.step("Kill " + kill + ": " + owner[0].name() + " is killed", USUAL, () -> kill(owner[0]));
            story.step("Kill " + kill + ": it is started again", USUAL, () -> restart(owner[0]));
        }
        story.step("All log in anew", USUAL, this::reconnect);
        List<String> faults = cleanup.run();
        if (!faults.isEmpty()) {
            throw new DemoFailure(String.join("; ", faults));
        }
        story.say(String.format(
                Locale.ROOT,
                "back in the game: p50 %.0f ms, p99 %.0f ms, most %.0f ms; %d of %d kills moved them to another machine,"
                        + " the rest to the reserve",
                percentile(back, 0.5),
                percentile(back, 0.99),
                percentile(back, 1),
                toHost,
                kills));
        story.say(String.format(
                Locale.ROOT,
                "ours=%.0f rival=%.0f ratio=%.3f unit=ms-p99 kills=%d players=%d closed=%d",
                percentile(back, 0.99),
                percentile(loggedIn, 0.99),
                percentile(back, 0.99) / percentile(loggedIn, 0.99),
                kills,
                wanted,
                closed));
    }

    static double percentile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max((int) Math.ceil(share * sorted.size()) - 1, 0));
    }

    private void suiteAnswers() throws InterruptedException {
        story.until("every part of the suite to be up", () -> {
            JsonNode status = api.get("status");
            return Demo.isWell(status) ? Story.Seen.done(true) : Story.Seen.notYet(status.toString());
        });
        world = Demo.chooseMaps(api.all("maps"));
    }

    private void machines() throws IOException, InterruptedException {
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
        StandInBundle.of(world(), bundle);
        for (String name : NAMES) {
            machines.add(new Machine(name, Files.createTempDirectory(programs.work(), name + "-"), bundle, programs));
        }
        story.until(
                "core and reserve",
                () -> operators.isReady(StandInMain.CORE) && operators.isReady(StandInMain.RESERVE)
                        ? Story.Seen.done(true)
                        : Story.Seen.notYet("not logged in"));
        register(Demo.CORE, site.core(), "CORE");
        register(Demo.RESERVE, site.reserve(), "RESERVE");
    }

    private void register(String id, Endpoint at, String role) {
        api.putOk("vps/" + id, Map.of("host", at.host(), "port", at.port(), "role", role));
    }

    private void login() throws InterruptedException {
        for (int i = 0; i < wanted; i++) {
            String name = "player" + i;
            int character = vps().ask("create " + name + " " + world().first()).intValue();
            Player player = new Player(name, character, site.loginServer());
            cleanup.add(name + "'s client", player::close);
            players.add(player);
            story.until(
                    name + " in the game", () -> player.login() ? Story.Seen.done(true) : Story.Seen.notYet("not yet"));
        }
    }

    private void join() throws IOException, InterruptedException {
        long account = ThreadLocalRandom.current().nextLong(3_000_000, 2_000_000_000);
        for (Machine machine : machines) {
            hosts.enrol(machine, account++);
        }
        for (Machine machine : machines) {
            hosts.join(machine);
        }
    }

    /** The machine that serves the map, once all play there, another one could take it, and no machine is starting. */
    private Machine gather() throws InterruptedException {
        return story.until("all players on one machine", () -> {
            Api.Answer entry = api.post(
                    "maps/" + world().first() + "/entries",
                    Map.of(
                            "requestId",
                            UUID.randomUUID().toString(),
                            "accountId",
                            Demo.VISITOR,
                            "region",
                            Hosts.REGION));
            if (!entry.ok() || !entry.json().path("decision").asString("").equals("P2P")) {
                return Story.Seen.notYet(entry.text());
            }
            for (Machine machine : machines) {
                if (!isReady(machine)) {
                    return Story.Seen.notYet(machine.name() + " is not ready");
                }
            }
            String ownerId = entry.json().path("hostId").asString("");
            Machine owner = machines.stream()
                    .filter(machine -> machine.hostId().equals(ownerId))
                    .findFirst()
                    .orElseThrow(() -> new DemoFailure("owner: " + ownerId + " (expected: one of " + NAMES + ")"));
            JsonNode row = Demo.assignment(api, world().first());
            if (machines.stream().noneMatch(machine -> machine != owner && Demo.standsBy(row, machine))) {
                return Story.Seen.notYet("nobody stands by: " + row);
            }
            List<Player> elsewhere = players.stream()
                    .filter(player -> !owner.plays(world().first(), player) || !player.playing())
                    .toList();
            return elsewhere.isEmpty()
                    ? Story.Seen.done(owner)
                    : Story.Seen.notYet(elsewhere.size() + " are not on " + owner.name() + ", among them "
                            + elsewhere.getFirst().state());
        });
    }

    /** Whether it is in the game, since it was started last. */
    private boolean isReady(Machine machine) {
        if (!machine.agentRuns()) {
            throw new DemoFailure(machine.name() + "'s agent ended");
        }
        JsonNode host = api.get("hosts/" + machine.hostId());
        Instant session = Instant.parse(host.path("sessionStartedAt").asString(Instant.EPOCH.toString()));
        return host.path("state").asString("").equals("READY")
                && !session.isBefore(startedAgain.getOrDefault(machine, Instant.EPOCH));
    }

    private void restart(Machine machine) throws IOException {
        startedAgain.put(machine, Instant.now());
        machine.startAgent();
    }

    private void kill(Machine machine) throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(MOST_WAIT_MILLIS));
        Instant at = Instant.now();
        machine.kill();
        List<Double> times = new ArrayList<>();
        List<Player> waiting = new ArrayList<>(players);
        int before = closed;
        story.until("all players back", LOOK, () -> {
            waiting.removeIf(player -> {
                if (player.away()) {
                    closed++;
                    player.login();
                    return true;
                }
                return player.arrivedAt()
                        .filter(arrived -> arrived.isAfter(at))
                        .map(arrived -> times.add(Duration.between(at, arrived).toNanos() / 1e6))
                        .orElse(false);
            });
            return waiting.isEmpty() ? Story.Seen.done(true) : Story.Seen.notYet(waiting.size() + " wait");
        });
        back.addAll(times);
        Optional<Machine> now = machines.stream()
                .filter(other -> other != machine && other.plays(world().first(), players.getFirst()))
                .findFirst();
        toHost += now.isPresent() ? 1 : 0;
        if (!times.isEmpty()) {
            story.say(String.format(
                    Locale.ROOT,
                    "back on %s: %d players, first %.0f, p50 %.0f, last %.0f ms; %d closed",
                    now.map(Machine::name).orElse("the reserve"),
                    times.size(),
                    percentile(times, 0),
                    percentile(times, 0.5),
                    percentile(times, 1),
                    closed - before));
        }
    }

    /** The same players at the same machines, as if their connections had ended: login-server, char-server, map. */
    private void reconnect() throws InterruptedException {
        Instant at = Instant.now();
        players.forEach(Player::drop);
        List<Player> waiting = new ArrayList<>(players);
        story.until("all players in again", LOOK, () -> {
            waiting.removeIf(player -> {
                if (!player.login()) {
                    return false;
                }
                player.arrivedAt()
                        .ifPresent(arrived ->
                                loggedIn.add(Duration.between(at, arrived).toNanos() / 1e6));
                return true;
            });
            return waiting.isEmpty()
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet(
                            waiting.stream().map(Player::state).toList().toString());
        });
    }

    private DemoWorld world() {
        return Demo.known(world, "the world");
    }

    private Programs.StandIn vps() {
        return Demo.known(vps, "the VPS");
    }
}
