package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A machine joins while a player is on a map of the VPS, with a bundle that is on its disk, and the player comes to it;
 * then it has nothing to do for a while; then it is asked to stop. Again and again. What it takes beside the start of the
 * map-server alone, and what it costs while nothing happens.
 */
final class AgentLife {
    private static final Duration USUAL = Duration.ofSeconds(90);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Pattern STARTED = Pattern.compile("map-server listens, (\\d+) ms after its start");
    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

    /** CLK_TCK of Linux on every architecture the suite runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private final Api api;
    private final Programs programs;
    private final Site site;
    private final Cleanup cleanup;
    private final Story story;
    private final Hosts hosts;
    private final int rounds;
    private final List<Double> joins = new ArrayList<>();
    private final List<Double> starts = new ArrayList<>();
    private @Nullable DemoWorld world;
    private Programs.@Nullable StandIn vps;
    private @Nullable Player player;
    private @Nullable Machine machine;
    private double idlePercent;
    private long heapKilobytes;

    AgentLife(Api api, Programs programs, Site site, Cleanup cleanup, Story story, int rounds) {
        this.api = api;
        this.programs = programs;
        this.site = site;
        this.cleanup = cleanup;
        this.story = story;
        this.hosts = new Hosts(api, programs, cleanup, story);
        this.rounds = rounds;
    }

    void run() {
        cleanup.add("processes", programs::stopAll);
        story.step("The suite is up", USUAL, this::suiteAnswers);
        story.step("Game servers", USUAL, this::servers);
        story.step("A player on the VPS", USUAL, this::login);
        story.step("A machine enrols, and joins once for its minimum", USUAL, this::enrol);
        for (int round = 1; round <= rounds; round++) {
            story.step("Round " + round + ": it joins, and the player comes to it", USUAL, this::join);
            if (round == rounds) {
                story.step("Nobody plays", USUAL.plus(IDLE), this::idle);
            }
            story.step("Round " + round + ": it is asked to stop", USUAL, this::stop);
        }
        List<String> faults = cleanup.run();
        if (!faults.isEmpty()) {
            throw new DemoFailure(String.join("; ", faults));
        }
        story.say(String.format(
                Locale.ROOT,
                "ours=%.2f rival=%.2f unit=s rounds=%d idlePercent=%.2f heapMegabytes=%.1f",
                Failover.percentile(joins, 0.5),
                Failover.percentile(starts, 0.5),
                rounds,
                idlePercent,
                heapKilobytes / 1_024d));
    }

    private void suiteAnswers() throws InterruptedException {
        story.until("every part to be up", () -> {
            JsonNode status = api.get("status");
            return Demo.isWell(status) ? Story.Seen.done(true) : Story.Seen.notYet(status.toString());
        });
        world = Demo.chooseMaps(api.all("maps"));
    }

    private void servers() throws IOException, InterruptedException {
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
        story.until(
                "core and reserve",
                () -> operators.isReady(StandInMain.CORE) && operators.isReady(StandInMain.RESERVE)
                        ? Story.Seen.done(true)
                        : Story.Seen.notYet("not logged in"));
        register(Demo.CORE, site.core(), "CORE");
        register(Demo.RESERVE, site.reserve(), "RESERVE");
        vps = operators;
    }

    private void register(String id, Endpoint at, String role) {
        api.putOk("vps/" + id, Map.of("host", at.host(), "port", at.port(), "role", role));
    }

    private void login() throws InterruptedException {
        int character = Demo.known(vps, "the VPS")
                .ask("create player " + world().first())
                .intValue();
        Player client = new Player("player", character, site.loginServer());
        player = client;
        cleanup.add("the player's client", client::close);
        story.until("him in the game", () -> client.login() ? Story.Seen.done(true) : Story.Seen.notYet("not yet"));
    }

    private void enrol() throws IOException, InterruptedException {
        Path bundle = Files.createTempDirectory(programs.work(), "bundle-");
        StandInBundle.of(world(), bundle);
        machine = new Machine("alpha", Files.createTempDirectory(programs.work(), "alpha-"), bundle, programs);
        hosts.enrol(machine(), ThreadLocalRandom.current().nextLong(3_000_000, 2_000_000_000));
        hosts.join(machine());
        stop();
    }

    private void join() throws IOException, InterruptedException {
        int before = Files.readString(machine().log()).length();
        long began = System.nanoTime();
        machine().startAgent();
        story.until("the player on it", () -> {
            if (!machine().agentRuns()) {
                throw new DemoFailure("the agent ended; see " + machine().log());
            }
            return machine().plays(world().first(), player()) && player().playing()
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet(player().state());
        });
        joins.add((System.nanoTime() - began) / 1e9);
        Matcher started = STARTED.matcher(Files.readString(machine().log()).substring(before));
        if (!started.find()) {
            throw new DemoFailure("the log does not say when the map-server listened; see "
                    + machine().log());
        }
        starts.add(Long.parseLong(started.group(1)) / 1e3);
        story.say(String.format(
                Locale.ROOT,
                "player on it after %.2f s, of which the map-server took %.2f s",
                joins.getLast(),
                starts.getLast()));
    }

    private void idle() throws IOException, InterruptedException {
        player().close();
        story.until(
                "nobody on it",
                () -> machine().plays(world().first(), player()) ? Story.Seen.notYet("he is") : Story.Seen.done(true));
        double before = cpuSeconds(machine());
        long began = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
        idlePercent = 100 * (cpuSeconds(machine()) - before) / ((System.nanoTime() - began) / 1e9);
        heapKilobytes = heapInUse(machine());
    }

    /** The agent's own, without its map-servers. */
    private static double cpuSeconds(Machine machine) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + machine.agentsProcess() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        // utime and stime are fields 14 and 15 of the whole line, 12 and 13 after the command's name.
        return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS_PER_SECOND;
    }

    /** After a collection, as jcmd says it. */
    private static long heapInUse(Machine machine) throws IOException, InterruptedException {
        jcmd(machine, "GC.run");
        Matcher used = HEAP_USED.matcher(jcmd(machine, "GC.heap_info"));
        long kilobytes = 0;
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
        }
        return kilobytes;
    }

    private static String jcmd(Machine machine, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(machine.agentsProcess()),
                        command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new DemoFailure("jcmd " + command + ": " + said.strip());
        }
        // Metaspace is no part of the heap.
        int metaspace = said.indexOf("Metaspace");
        return metaspace < 0 ? said : said.substring(0, metaspace);
    }

    private void stop() throws InterruptedException {
        machine().askToStop();
        story.until(
                "the agent to end", () -> machine().agentRuns() ? Story.Seen.notYet("it runs") : Story.Seen.done(true));
    }

    private DemoWorld world() {
        return Demo.known(world, "the world");
    }

    private Player player() {
        return Demo.known(player, "the player");
    }

    private Machine machine() {
        return Demo.known(machine, "the machine");
    }
}
