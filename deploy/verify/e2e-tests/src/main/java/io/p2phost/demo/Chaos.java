package io.p2phost.demo;

import io.p2phost.chaos.Fault;
import io.p2phost.chaos.Namespace;
import io.p2phost.chaos.Nat;
import io.p2phost.chaos.Owners;
import io.p2phost.chaos.Plan;
import io.p2phost.chaos.Traces;
import io.p2phost.contracts.Json;
import io.p2phost.demo.StandInMain.Stored;
import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code ./p2p soak chaos}: a packaged suite in processes, packaged agents in networks of their own behind simulated NAT,
 * simulated game servers, and players who go on while faults come at random. What was stored may never become less, no
 * player's connection may end but by the death of the relay that holds it, and an epoch of a map has one owner.
 */
final class Chaos {
    private static final List<String> NAMES = List.of("alpha", "beta", "gamma");
    private static final int PLAYERS = 6;
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration USUAL = Duration.ofMinutes(2);
    private static final Duration LONG = Duration.ofMinutes(4);
    /** From the last fault until all is served again: a killed service starts on a small machine, and hosts join again. */
    private static final Duration CALM = Duration.ofMinutes(3);

    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final int LOOK_EVERY = 10;
    /** A relay that was killed takes its players with it, and they log in when it is back. */
    private static final Duration RELAYS_OWN = Duration.ofSeconds(5);
    /** How long an agent that was asked to end may take to hand over what it has. */
    private static final Duration DRAIN = Duration.ofSeconds(90);

    private static final int GATEWAY = 8_080;
    private static final int TUNNELS = 7_443;
    private static final int CHAR_LINKS = 5_122;
    private static final int POSTGRESQL = 15_432;
    private static final int JELLOPY = 909;

    private final Path dist;
    private final Path folder;
    private final Cleanup cleanup;
    private final Story story;
    private final int offset = freeOffset();
    private final List<Lent> lent = new ArrayList<>();
    private final List<Walker> walkers = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> happened = new TreeMap<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Instant relayKilled = Instant.EPOCH;
    private final AtomicInteger closedWithRelay = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile String last = "none yet";
    private Instant began = Instant.now();
    private long lastCalmMillis;
    private int changes;
    private int looks;
    private int hosted;
    private Duration longestUnknowing = Duration.ZERO;
    private @Nullable Thread living;
    private @Nullable Api api;
    private @Nullable Site site;
    private @Nullable DemoWorld world;
    private Programs.@Nullable StandIn vps;
    private @Nullable Owners owners;

    /** A lent machine with what is between it and the world. */
    private static final class Lent {
        private final int number;
        private final Machine machine;
        private final Nat nat;
        private final Hosts hosts;
        /** Nothing else happens to its agent until then. */
        private volatile boolean busy;

        private final ConcurrentLinkedQueue<Instant> silenced = new ConcurrentLinkedQueue<>();
        private int address;

        Lent(int number, Machine machine, Nat nat, Hosts hosts) {
            this.number = number;
            this.machine = machine;
            this.nat = nat;
            this.hosts = hosts;
        }

        InetAddress nextAddress() throws IOException {
            address++;
            return outside(number, address);
        }
    }

    /**
     * What came of it.
     *
     * @param happened how many faults of each kind
     * @param closed players' connections that ended, besides those that a killed relay held
     * @param changes of owners
     * @param longestUnknowingMillis for which a host believed itself the owner of a map that had another; what it wrote
     *     meanwhile was not taken
     * @param hostedPercent of the time that players were in the game, on a host
     * @param servedAgainMillis from the last fault until all was served
     * @param faults what must not be; empty when all held
     */
    record Result(
            int minutes,
            long seed,
            int players,
            Map<String, Integer> happened,
            int closed,
            int closedWithRelay,
            int portals,
            int changes,
            long longestUnknowingMillis,
            int hostedPercent,
            long gained,
            long servedAgainMillis,
            List<String> faults) {
        String line() {
            return String.format(
                    Locale.ROOT,
                    "soak-chaos minutes=%d seed=%d players=%d faults-made=%d closed=%d closed-with-relay=%d portals=%d"
                            + " owner-changes=%d longest-unknowing=%d-ms hosted=%d-percent gained=%d served-again=%d-ms violations=%d",
                    minutes,
                    seed,
                    players,
                    happened.values().stream().mapToInt(Integer::intValue).sum(),
                    closed,
                    closedWithRelay,
                    portals,
                    changes,
                    longestUnknowingMillis,
                    hostedPercent,
                    gained,
                    servedAgainMillis,
                    faults.size());
        }
    }

    Chaos(Path dist, Path folder, Cleanup cleanup, Story story) {
        this.dist = dist;
        this.folder = folder;
        this.cleanup = cleanup;
        this.story = story;
    }

    Result run(int minutes, long seed) {
        story.say("seed " + seed + ", " + minutes + " minutes; logs in " + folder);
        story.step("A suite of its own, in processes", START, this::suite);
        story.step("Game servers, and machines behind NAT", USUAL, this::machines);
        story.step("The machines join", LONG, this::join);
        story.step(PLAYERS + " players log in", USUAL, () -> login(seed));
        story.step("Faults", Duration.ofMinutes(minutes).plus(LONG), () -> chaos(minutes, seed));
        story.step("All is put right, and served again", CALM, this::servedAgain);
        long[] gained = new long[1];
        story.step("The players leave; what they have is stored", USUAL, () -> gained[0] = leave());
        story.step("Every epoch of every map had one owner, and nobody else served it", USUAL, this::owners);
        return new Result(
                minutes,
                seed,
                PLAYERS,
                Map.copyOf(happened),
                closed.get(),
                closedWithRelay.get(),
                walkers.stream().mapToInt(Walker::portals).sum(),
                changes,
                longestUnknowing.toMillis(),
                hosted * 100 / Math.max(looks, 1),
                gained[0],
                lastCalmMillis,
                List.copyOf(faults));
    }

    // ---- before ----

    private void suite() throws IOException, InterruptedException, SQLException {
        Path home = folder.resolve("suite");
        cleanup.add("the suite", () -> {
            int code = p2p("down", "--home", home.toString());
            if (code != 0) {
                throw new IOException("p2p down ended with " + code);
            }
        });
        int code = p2p(
                "up", "--detach", "--processes", "--home", home.toString(), "--port-offset", Integer.toString(offset));
        if (code != 0) {
            throw new DemoFailure("p2p up ended with " + code + ", see " + folder.resolve("p2p.log"));
        }
        Api suite = new Api(
                URI.create("http://127.0.0.1:" + (GATEWAY + offset)),
                Files.readString(home.resolve("admin-api-key")).strip());
        api = suite;
        story.until("every part to be up", () -> {
            JsonNode status = suite.get("status");
            return Demo.isWell(status) ? Story.Seen.done(true) : Story.Seen.notYet(status.toString());
        });
        Owners recorded = Owners.record(home, POSTGRESQL + offset);
        owners = recorded;
        cleanup.add("the look at the database", recorded::close);
        world = Demo.chooseMaps(suite.all("maps"));
        story.say("ports from " + offset + "; maps " + world().maps());
    }

    private int p2p(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(dist.resolve("p2p").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("p2p.log").toFile()));
        // The simulated clients are of a version that bears it.
        builder.environment().put("P2P_RELAY_SPLICE_VERSIONS", "20200401");
        return builder.start().waitFor();
    }

    private void machines() throws IOException, InterruptedException {
        Programs programs = new Programs(dist, folder);
        cleanup.add("processes", programs::stopAll);
        Site at = Site.of(api().gateway(), "127.0.0.1");
        site = at;
        Programs.StandIn operators = programs.standIn(
                "vps",
                List.of(
                        StandInMain.VPS,
                        world().city(),
                        world().hostedInOneWord(),
                        at.loginServer().toString(),
                        at.charServer().toString(),
                        at.core().toString(),
                        at.reserve().toString(),
                        at.vpsSide().toString()));
        vps = operators;
        Path bundle = Files.createTempDirectory(folder, "bundle-");
        StandInBundle.of(world(), bundle);
        for (int i = 0; i < NAMES.size(); i++) {
            lent.add(behindNat(i, programs, bundle));
        }
        story.until(
                "core and reserve",
                () -> operators.isReady(StandInMain.CORE) && operators.isReady(StandInMain.RESERVE)
                        ? Story.Seen.done(true)
                        : Story.Seen.notYet("not logged in"));
        api().putOk(
                        "vps/" + Demo.CORE,
                        Map.of("host", at.core().host(), "port", at.core().port(), "role", "CORE"));
        api().putOk(
                        "vps/" + Demo.RESERVE,
                        Map.of("host", at.reserve().host(), "port", at.reserve().port(), "role", "RESERVE"));
    }

    /** Its agent finds gateway, relay and db-proxy where the suite says they are, which in its network is the NAT. */
    private Lent behindNat(int number, Programs programs, Path bundle) throws IOException, InterruptedException {
        String name = NAMES.get(number);
        Namespace namespace = Namespace.open("p2p-" + ProcessHandle.current().pid() + "-" + name);
        cleanup.add("network of " + name, namespace::close);
        Nat nat = new Nat(outside(number, 0));
        cleanup.add("NAT of " + name, nat::close);
        for (int port : List.of(GATEWAY, TUNNELS, CHAR_LINKS)) {
            nat.open(
                    namespace.door("127.0.0.1", port + offset),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port + offset));
        }
        Programs inside = programs.at(namespace.words());
        Machine machine = new Machine(name, Files.createTempDirectory(folder, name + "-"), bundle, inside);
        return new Lent(number, machine, nat, new Hosts(api(), inside, cleanup, story));
    }

    /** Addresses of a NAT: each machine has a network for itself. */
    private static InetAddress outside(int number, int address) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, (byte) (number + 1), (byte) (2 + address % 250)});
    }

    private void join() throws IOException, InterruptedException {
        long account = ThreadLocalRandom.current().nextLong(3_000_000, 2_000_000_000);
        for (Lent each : lent) {
            each.hosts.enrol(each.machine, account++);
        }
        for (Lent each : lent) {
            each.hosts.join(each.machine);
            story.say(each.machine.name() + " has " + each.nat.connections() + " connections through its NAT");
        }
    }

    private void login(long seed) throws InterruptedException {
        for (int i = 0; i < PLAYERS; i++) {
            String name = "walker" + i;
            String map = world().hosted().get(i % world().hosted().size());
            int character = vps().ask("create " + name + " " + map).intValue();
            Player player =
                    new Player(name, character, Demo.known(site, "the site").loginServer());
            cleanup.add(name + "'s client", player::close);
            walkers.add(new Walker(player, world(), seed + i, this::fault));
        }
        living = Thread.ofPlatform().daemon().name("players").start(this::live);
        story.until(
                "all in the game",
                () -> walkers.stream().allMatch(Walker::inGame) ? Story.Seen.done(true) : Story.Seen.notYet("not yet"));
    }

    // ---- meanwhile ----

    private void live() {
        try {
            for (int moment = 0; !over.get(); moment++) {
                for (Walker walker : walkers) {
                    if (walker.live(Instant.now())) {
                        ended(walker);
                    }
                    if (moment % LOOK_EVERY == 0) {
                        walker.stored(stored(walker.player()));
                        looks++;
                        hosted += isHosted(walker.player()) ? 1 : 0;
                    }
                }
                Thread.sleep(MOMENT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!over.get()) {
                fault("the players' own thread ended: " + e);
            }
        }
    }

    private boolean isHosted(Player player) {
        String map = player.at().map();
        return lent.stream().anyMatch(each -> each.machine.plays(map, player));
    }

    private void ended(Walker walker) {
        String name = walker.player().name();
        if (Instant.now().isBefore(relayKilled.plus(RELAYS_OWN))) {
            closedWithRelay.incrementAndGet();
            say(name + "'s connection ended with the relay");
        } else {
            closed.incrementAndGet();
            fault("closed: " + walker.player().state() + ", " + walker.lastSigns(Instant.now())
                    + "; the last fault made was " + last);
        }
    }

    private void fault(String what) {
        String line = at() + what;
        faults.add(line);
        story.say("!! " + line);
    }

    private void say(String what) {
        story.say(at() + what);
    }

    private String at() {
        return String.format(
                Locale.ROOT, "%6.1f s  ", Duration.between(began, Instant.now()).toMillis() / 1e3);
    }

    private Stored stored(Player player) {
        return Json.mapper().convertValue(vps().ask("character " + player.character()), Stored.class);
    }

    // ---- faults ----

    private void chaos(int minutes, long seed) throws IOException, InterruptedException {
        began = Instant.now();
        Instant end = began.plus(Duration.ofMinutes(minutes));
        Plan plan = new Plan(seed, lent.size());
        while (true) {
            Fault next = plan.next();
            if (Instant.now().plus(next.after()).isAfter(end)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(next.after().toMillis());
            boolean made = next.kind().ofMachine() ? ofMachine(next, lent.get(next.target())) : ofSuite(next.kind());
            if (made) {
                happened.merge(next.kind().name(), 1, Integer::sum);
            }
        }
    }

    private boolean ofMachine(Fault fault, Lent target) throws IOException, InterruptedException {
        String what = fault.kind() + " " + target.machine.name();
        if (target.busy) {
            say("(" + what + " is left out: something is wrong with it already)");
            return false;
        }
        last = what + " at" + at();
        say(what + (fault.lasts().isZero() ? "" : " for " + fault.lasts().toSeconds() + " s"));
        switch (fault.kind()) {
            case AGENT_KILLED -> {
                target.busy = true;
                target.silenced.add(Instant.now());
                target.machine.kill();
                later(fault.lasts(), target, target.machine::startAgent);
            }
            case CELL_KILLED -> {
                if (!killCell(target.number)) {
                    say("(nobody has one)");
                    return false;
                }
            }
            case MACHINE_SLEEPS -> {
                target.busy = true;
                target.silenced.add(Instant.now());
                List<Long> asleep = processes(target.machine);
                signal("STOP", asleep);
                later(fault.lasts(), target, () -> signal("CONT", asleep));
            }
            case AGENT_STOPPED -> {
                target.busy = true;
                target.machine.agent().destroy();
                later(Duration.ZERO, target, () -> {
                    if (!target.machine.agent().waitFor(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                        fault(target.machine.name() + " did not end within " + DRAIN.toSeconds() + " s of SIGTERM");
                        target.machine.kill();
                    }
                    say(target.machine.name() + " ended with " + target.machine.agentsExitCode());
                    Thread.sleep(fault.lasts());
                    target.machine.startAgent();
                });
            }
            case NAT_REBOUND -> target.nat.rebind(target.nextAddress());
            case NAT_FORGOT -> target.nat.forget(target.nextAddress());
            case LINK_DOWN -> {
                target.busy = true;
                target.nat.hold();
                later(fault.lasts(), target, target.nat::release);
            }
            case RELAY_UNREACHABLE -> {
                target.busy = true;
                target.nat.block(TUNNELS + offset);
                later(fault.lasts(), target, () -> target.nat.unblock(TUNNELS + offset));
            }
            default -> throw new IllegalArgumentException(fault.kind().name());
        }
        return true;
    }

    /** That machine's, or the next one's that has any. */
    private boolean killCell(int number) throws IOException {
        for (int i = 0; i < lent.size(); i++) {
            Lent each = lent.get((number + i) % lent.size());
            List<ProcessHandle> cells = each.machine.cells();
            if (!each.busy && !cells.isEmpty()) {
                cells.getFirst().destroyForcibly();
                say("(a cell of " + each.machine.name() + ")");
                return true;
            }
        }
        return false;
    }

    private interface Undo {
        void run() throws IOException, InterruptedException;
    }

    private void later(Duration after, Lent target, Undo undo) {
        Thread.ofPlatform().daemon().name("later-" + target.machine.name()).start(() -> {
            try {
                Thread.sleep(after);
                undo.run();
                say(target.machine.name() + " is put right");
            } catch (IOException e) {
                fault(target.machine.name() + " cannot be put right: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                target.busy = false;
            }
        });
    }

    private static List<Long> processes(Machine machine) throws IOException {
        List<Long> all = new ArrayList<>();
        all.add(machine.agent().pid());
        machine.agent().descendants().forEach(each -> all.add(each.pid()));
        for (ProcessHandle cell : machine.cells()) {
            if (!all.contains(cell.pid())) {
                all.add(cell.pid());
            }
        }
        return all;
    }

    private static void signal(String name, List<Long> processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(each -> command.add(Long.toString(each)));
        // Some may be gone.
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** One service at a time: two that start at once on a small machine show how small it is. */
    private boolean ofSuite(Fault.Kind kind) throws IOException, InterruptedException {
        String part = part(kind);
        if (!isWell()) {
            say("(" + kind + " is left out: the suite is not yet what it was)");
            return false;
        }
        ProcessHandle process = process(part);
        last = kind + " at" + at();
        if (kind == Fault.Kind.RELAY_KILLED) {
            relayKilled = Instant.now();
        }
        process.destroyForcibly();
        say(kind.name());
        return true;
    }

    private static String part(Fault.Kind kind) {
        return kind.name().replace("_KILLED", "").toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private boolean isWell() {
        try {
            return Demo.isWell(api().get("status"));
        } catch (DemoFailure e) {
            return false;
        }
    }

    private ProcessHandle process(String part) throws IOException, InterruptedException {
        Process asked = new ProcessBuilder(
                        dist.resolve("p2p").toString(),
                        "status",
                        "--json",
                        "--home",
                        folder.resolve("suite").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor();
        for (JsonNode found : Json.mapper().readTree(said).path("parts")) {
            if (found.path("name").asString("").equals(part)) {
                return ProcessHandle.of(found.path("pid").asLong(-1))
                        .orElseThrow(() -> new DemoFailure(part + " does not run"));
            }
        }
        throw new DemoFailure("no part " + part + " in " + said);
    }

    // ---- after ----

    private void servedAgain() throws InterruptedException {
        Instant since = Instant.now();
        story.until("nothing to be wrong any more by the soak's own doing", () -> {
            List<String> wrong = lent.stream()
                    .filter(each -> each.busy)
                    .map(each -> each.machine.name())
                    .toList();
            return wrong.isEmpty() ? Story.Seen.done(true) : Story.Seen.notYet(wrong.toString());
        });
        Instant right = Instant.now();
        story.until("the suite to be well", () -> isWell() ? Story.Seen.done(true) : Story.Seen.notYet("it is not"));
        for (Lent each : lent) {
            story.until(each.machine.name() + " to be ready", () -> {
                String state = api().get("hosts/" + each.machine.hostId())
                        .path("state")
                        .asString("?");
                return state.equals("READY") ? Story.Seen.done(true) : Story.Seen.notYet(state);
            });
        }
        for (String map : world().hosted()) {
            story.until("a place for " + map, () -> {
                Api.Answer entry = api().post(
                                "maps/" + map + "/entries",
                                Map.of(
                                        "requestId",
                                        UUID.randomUUID().toString(),
                                        "accountId",
                                        Demo.VISITOR,
                                        "region",
                                        Hosts.REGION));
                return entry.ok() ? Story.Seen.done(true) : Story.Seen.notYet(entry.inWords());
            });
        }
        Map<Walker, Integer> portals = new HashMap<>();
        walkers.forEach(walker -> portals.put(walker, walker.portals()));
        for (Walker walker : walkers) {
            story.until(walker.player().name() + " to be heard, and to have walked through a portal", () -> {
                walker.player().say("here");
                boolean heard = walker.player()
                        .heardHimselfAt()
                        .filter(moment -> moment.isAfter(right))
                        .isPresent();
                return heard && walker.inGame() && walker.portals() > portals.getOrDefault(walker, 0)
                        ? Story.Seen.done(true)
                        : Story.Seen.notYet(walker.player().state() + (heard ? "" : ", not heard"));
            });
        }
        lastCalmMillis = Duration.between(since, Instant.now()).toMillis();
        say("all is served, " + Duration.between(right, Instant.now()).toMillis() + " ms after all was right");
    }

    /** Who leaves is saved, and nothing of what he was told is missing then. */
    private long leave() throws InterruptedException, SQLException {
        over.set(true);
        Demo.known(living, "the players").join();
        long gained = 0;
        for (Walker walker : walkers) {
            Player player = walker.player();
            int jellopies = player.carries(JELLOPY);
            player.quit();
            Stored row = story.until(player.name() + " offline", () -> {
                Stored now = stored(player);
                return now.online() ? Story.Seen.notYet("online") : Story.Seen.done(now);
            });
            walker.stored(row);
            int has = row.items().getOrDefault(JELLOPY, 0);
            if (has < jellopies) {
                fault("lost: " + player.name() + " left with " + jellopies + " jellopies, and " + has + " are stored");
            }
            gained += has;
        }
        Owners.Journal journal = story.until("no save to wait", () -> {
            try {
                Owners.Journal now = ownersSeen().journal();
                return now.waiting() == 0 ? Story.Seen.done(now) : Story.Seen.notYet(now.toString());
            } catch (SQLException e) {
                return Story.Seen.notYet(e.toString());
            }
        });
        if (journal.aside() > 0) {
            fault("lost: " + journal.aside() + " saves were set aside");
        }
        return gained;
    }

    private void owners() throws SQLException, IOException {
        List<Owners.Row> rows = ownersSeen().rows();
        List<Traces.Served> served = new ArrayList<>();
        for (Lent each : lent) {
            served.addAll(Traces.served(
                    each.machine.hostId(), Files.readAllLines(each.machine.log()), each.silenced, Instant.now()));
        }
        faults.addAll(Owners.faults(rows));
        faults.addAll(Traces.faults(served, rows));
        changes = rows.size();
        longestUnknowing = Traces.longestUnknowing(served, rows);
        story.say(rows.size() + " rows of owners, " + served.size()
                + " times that a host served a map; the longest that"
                + " one went on without knowing that another was the owner: " + longestUnknowing.toMillis() + " ms");
        if (served.isEmpty()) {
            throw new DemoFailure("no host ever served a map");
        }
    }

    // ---- pieces ----

    /** So that several suites run side by side; above these, ports are among those that the system hands out itself. */
    private static int freeOffset() {
        return IntStream.generate(() -> ThreadLocalRandom.current().nextInt(1, 13) * 1_000)
                .limit(100)
                .filter(offset -> IntStream.of(GATEWAY, GATEWAY + 1, TUNNELS, CHAR_LINKS, POSTGRESQL, 6_121, 19_092)
                        .mapToObj(port -> Endpoint.of("127.0.0.1:" + (port + offset)))
                        .allMatch(Ports::isFree))
                .findFirst()
                .orElseThrow(() -> new DemoFailure("no free ports for a suite"));
    }

    private Api api() {
        return Demo.known(api, "the suite");
    }

    private DemoWorld world() {
        return Demo.known(world, "the world");
    }

    private Programs.StandIn vps() {
        return Demo.known(vps, "the VPS");
    }

    private Owners ownersSeen() {
        return Demo.known(owners, "the look at the database");
    }
}
