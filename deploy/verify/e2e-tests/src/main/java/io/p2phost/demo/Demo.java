package io.p2phost.demo;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The story. It needs a suite in which no other host is Ready and no other VPS is registered. */
public final class Demo {
    /** A player who lends nothing: some maps never go to a machine of the account that plays there. */
    private static final long VISITOR = 2_000_000;

    private static final String REGION = "EU";
    private static final String CORE = "demo-core";
    private static final String RESERVE = "demo-reserve";
    private static final String VPS_MACHINE = "vps";
    private static final int BELOW_MINIMUM = 3;

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final Duration USUAL = Duration.ofSeconds(60);
    /** A join may need the lowered minimum and a second start of the agent on a slow machine. */
    private static final Duration LONG = Duration.ofSeconds(90);
    /** A host whose machine is busy is passed over: time for a small machine to calm down after it started it all. */
    private static final Duration BUSY = Duration.ofMinutes(3);

    private final Api api;
    private final Programs programs;
    private final String vpsHost;
    private final Cleanup cleanup;
    private final Story story;

    private String firstMap = "";
    private String secondMap = "";
    private String restrictedMap = "";
    private @Nullable Lent alpha;
    private @Nullable Lent beta;
    private Programs.@Nullable StandIn vps;
    private long firstEpoch;
    private long secondEpoch;
    private @Nullable Target firstTarget;

    /** Where players of a map go. */
    private record Target(String host, int port) {
        static Target of(JsonNode answer) {
            JsonNode target = answer.path("target");
            return new Target(
                    target.path("host").asString(""), target.path("port").asInt(0));
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** A machine that its owner lends. */
    private static final class Lent {
        private final String name;
        private final Path home;
        private final Programs.StandIn servers;
        private String hostId = "";
        private @Nullable Process agent;

        Lent(String name, Path home, Programs.StandIn servers) {
            this.name = name;
            this.home = home;
            this.servers = servers;
        }
    }

    Demo(Api api, Programs programs, String vpsHost, Cleanup cleanup, Story story) {
        this.api = api;
        this.programs = programs;
        this.vpsHost = vpsHost;
        this.cleanup = cleanup;
        this.story = story;
    }

    void tell() {
        story.step("The suite answers", SHORT, this::suiteAnswers);
        story.step("The demo has the suite for itself", USUAL, this::nobodyElse);
        story.step("Three machines: two players' and the VPS", USUAL, this::machines);
        story.step("Without a VPS map-server there is no answer, and never an invented one", SHORT, this::noVps);
        story.step("The operator registers the VPS map-servers", SHORT, this::registerVps);
        story.step("Two players enrol their machines", USUAL, this::enrol);
        story.step("alpha joins with what this machine really has", LONG, () -> join(lent(alpha)));
        story.step("The first player's map goes to alpha", BUSY, this::firstMapToAlpha);
        story.step("beta joins", LONG, () -> join(lent(beta)));
        story.step("The next map goes to beta, because alpha is full", BUSY, this::secondMapToBeta);
        story.step("A restricted map never leaves the VPS", SHORT, this::restrictedStays);
        story.step("alpha's agent is killed with -9: its map moves to beta", USUAL, this::alphaDies);
        story.step("beta's agent is killed with -9: both maps move to the VPS", USUAL, this::betaDies);
        story.step("alpha comes back with its old epoch and is refused", LONG, this::alphaIsRefused);
        story.step("The suite remembers it all", SHORT, this::remembered);
        story.step("Everything is put back", USUAL, this::putBack);
        story.say("");
        story.say("The story is told: every step was checked through the public API and by players' connections.");
    }

    // ---- before the story ----

    /** All of it: a part that has just come back may take a moment. */
    private void suiteAnswers() throws InterruptedException {
        story.until("every part of the suite to be up", () -> {
            JsonNode status = api.get("status");
            return isWell(status)
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet(status.path("state").asString("?") + ", degraded: " + status.path("degraded"));
        });
        story.say("gateway " + api.gateway() + ": UP");
    }

    /** Whether every part is up; the char-server is the operator's, and there may be none where the story is told. */
    public static boolean isWell(JsonNode status) {
        JsonNode degraded = status.path("degraded");
        boolean charServerOnly = !degraded.isEmpty()
                && degraded.valueStream().allMatch(each -> each.asString("").startsWith("db-proxy: charServer: "));
        return charServerOnly || status.path("state").asString("").equals("UP");
    }

    private void nobodyElse() throws InterruptedException, IOException {
        restoreOf(programs.work());
        story.until("hosts that are Ready", () -> {
            List<JsonNode> ready = api.all("hosts?state=READY");
            return ready.isEmpty()
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet(
                            ready.size() + " hosts, such as "
                                    + ready.getFirst().path("name").asString("?")
                                    + " (the demo needs a suite without hosts of its own; a killed one's lease ends by itself)");
        });
        for (JsonNode registered : api.get("vps").path("items")) {
            String id = registered.path("id").asString("");
            if (!id.equals(CORE) && !id.equals(RESERVE)) {
                throw new DemoFailure("VPS map-server " + id + " is registered (expected: none but the demo's own, or"
                        + " its players would be sent to the demo's stand-ins)");
            }
            api.delete("vps/" + id);
        }
        List<JsonNode> maps = api.all("maps");
        List<String> eligible = maps.stream()
                .filter(map -> map.path("eligibility").asString("").equals("ELIGIBLE"))
                .filter(map -> map.path("minTier").asInt(9) == 1)
                .map(map -> map.path("map").asString(""))
                .filter(map -> MapName.of(map).announceable())
                .sorted(java.util.Comparator.comparing((String map) -> !map.equals("p2p_test"))
                        .thenComparing(map -> map))
                .limit(2)
                .toList();
        Optional<String> restricted = maps.stream()
                .filter(map -> map.path("eligibility").asString("").equals("RESTRICTED"))
                .map(map -> map.path("map").asString(""))
                .findFirst();
        if (eligible.size() < 2 || restricted.isEmpty()) {
            throw new DemoFailure("maps: " + eligible.size() + " of tier 1, "
                    + restricted.stream().count() + " restricted (expected: at least 2 and 1)");
        }
        firstMap = eligible.get(0);
        secondMap = eligible.get(1);
        restrictedMap = restricted.get();
        story.say(
                "maps: " + firstMap + " and " + secondMap + " may be hosted by players, " + restrictedMap + " may not");
    }

    private void machines() throws IOException {
        cleanup.add("processes of the demo", programs::stopAll);
        alpha = machine("alpha");
        beta = machine("beta");
        // The player's own limit: this is the true reason why the second map cannot go to alpha.
        Files.writeString(lent(alpha).home.resolve("host_node.conf"), "node:\n  max_maps: 1\n");
        vps = programs.standIn(VPS_MACHINE, vpsHost, List.of("core", "reserve"));
        story.say("alpha (its owner allows one map: max_maps: 1), beta, vps; each with small TCP programs for maps");
    }

    private Lent machine(String name) throws IOException {
        Path home = Files.createTempDirectory(programs.work(), name + "-");
        Programs.StandIn servers = programs.standIn(name, LOOPBACK, List.of(firstMap, secondMap));
        return new Lent(name, home, servers);
    }

    private void noVps() {
        Api.Answer answer = enter(restrictedMap, UUID.randomUUID().toString());
        if (answer.status() != 503 || !answer.slug().equals("no-vps")) {
            throw new DemoFailure("entry to " + restrictedMap + ": " + answer.inWords() + " (expected: 503 no-vps)");
        }
        story.say(answer.inWords());
    }

    private void registerVps() {
        putVps(CORE, "core", "CORE");
        putVps(RESERVE, "reserve", "RESERVE");
    }

    private void putVps(String id, String map, String role) {
        cleanup.add("VPS " + id, () -> api.delete("vps/" + id));
        int port = vps().port(map);
        api.putOk("vps/" + id, Map.of("host", vpsHost, "port", port, "role", role));
        story.say(id + " (" + role + ") at " + vpsHost + ":" + port);
    }

    // ---- hosts ----

    private void enrol() throws IOException, InterruptedException {
        // New accounts each time: how many machines one account may lend is limited, and the demo may be told often.
        long account = ThreadLocalRandom.current().nextLong(3_000_000, 2_000_000_000);
        enrol(lent(alpha), account);
        enrol(lent(beta), account + 1);
    }

    private void enrol(Lent machine, long account) throws IOException, InterruptedException {
        String code = api.postOk("enrolments", Map.of("accountId", account, "label", "demo " + machine.name))
                .path("code")
                .asString("");
        Programs.Outcome outcome = programs.host(
                SHORT,
                List.of(
                        "enroll",
                        "--home",
                        machine.home.toString(),
                        "--gateway",
                        api.gateway().toString(),
                        "--name",
                        machine.name,
                        "--region",
                        REGION,
                        code));
        if (outcome.exitCode() != 0) {
            throw new DemoFailure("p2p-host enroll ended with " + outcome.exitCode() + ": "
                    + outcome.err().strip());
        }
        machine.hostId = status(machine).path("hostId").asString("");
        story.say(machine.name + " is host " + machine.hostId);
    }

    private JsonNode status(Lent machine) throws IOException, InterruptedException {
        String out = programs.host(SHORT, List.of("status", "--home", machine.home.toString(), "--json"))
                .out();
        return Json.mapper().readTree(out);
    }

    private void join(Lent machine) throws IOException, InterruptedException {
        start(machine);
        if (!awaitReadyOrEnd(machine)) {
            Process agent = process(machine);
            String said = lastLines(programs.log(machine.name));
            if (agent.exitValue() != BELOW_MINIMUM) {
                throw new DemoFailure("p2p-host run ended with " + agent.exitValue() + ": " + said);
            }
            story.say(said);
            lowerMinimum(machine);
            start(machine);
            if (!awaitReadyOrEnd(machine)) {
                throw new DemoFailure("refused even so: " + lastLines(programs.log(machine.name)));
            }
        }
        checkNothingWasAltered(machine);
    }

    private void start(Lent machine) throws IOException {
        machine.agent = programs.agent(machine.name, machine.home, machine.servers.ports());
    }

    /** True when the registry says Ready, false when the agent ended. */
    private boolean awaitReadyOrEnd(Lent machine) throws InterruptedException {
        return story.until(machine.name + " to be Ready", () -> {
            if (!process(machine).isAlive()) {
                return Story.Seen.done(false);
            }
            JsonNode host = api.get("hosts/" + machine.hostId);
            String state = host.path("state").asString("?");
            if (!state.equals("READY")) {
                return Story.Seen.notYet(state);
            }
            story.say(machine.name + " is READY, tier " + host.path("tier").asInt(-1) + ": "
                    + host.path("cpuGhz").asString("?") + " GHz, "
                    + host.path("cpuCores").asString("?") + " cores, "
                    + host.path("ramGb").asString("?") + " GB, "
                    + host.path("networkMbps").asString("?") + " Mbit/s, at most "
                    + host.path("maxMaps").asString("?") + " maps");
            return Story.Seen.done(true);
        });
    }

    /** Publishes a lower minimum; the old text is kept on disk first, so that even a killed demo can be undone. */
    private void lowerMinimum(Lent machine) throws IOException, InterruptedException {
        Programs.Outcome doctor = programs.host(SHORT, List.of("doctor", "--home", machine.home.toString(), "--json"));
        JsonNode measured = Json.mapper().readTree(doctor.out());
        String before = api.getText("config/" + Minimum.FILE);
        Map<String, BigDecimal> inForce = Minimum.inForce(api.get("config"));
        Minimum.Lowered lowered = Minimum.lower(before, measured, inForce);
        if (lowered.changes().isEmpty()) {
            throw new DemoFailure("this machine is refused, but no requirement of " + Minimum.FILE + " explains it");
        }
        Files.writeString(kept(programs.work()), before);
        cleanup.add(Minimum.FILE, () -> restoreOf(programs.work()));
        api.putText("config/" + Minimum.FILE, lowered.text());
        story.say("For the demo the operator publishes a lower minimum (the machine's figures are not touched):");
        lowered.changes().forEach(change -> story.say("  " + change));
    }

    private static Path kept(Path work) {
        return work.resolve(Minimum.FILE + ".before-demo");
    }

    /** Publishes the kept text again, if there is one; also what an earlier, killed demo left. */
    private void restoreOf(Path work) throws IOException {
        Path file = kept(work);
        if (!Files.exists(file)) {
            return;
        }
        String before = Files.readString(file);
        api.putText("config/" + Minimum.FILE, before);
        if (!api.getText("config/" + Minimum.FILE).equals(before)) {
            throw new DemoFailure(Minimum.FILE + " is not what it was (expected: the text of " + file + ")");
        }
        Files.delete(file);
        story.say(Minimum.FILE + " is again what it was before the demo");
    }

    private void checkNothingWasAltered(Lent machine) throws IOException, InterruptedException {
        Programs.Outcome doctor = programs.host(SHORT, List.of("doctor", "--home", machine.home.toString(), "--json"));
        JsonNode measured = Json.mapper().readTree(doctor.out());
        JsonNode known = api.get("hosts/" + machine.hostId);
        for (String field : List.of("cpuGhz", "cpuCores", "ramGb", "networkMbps")) {
            BigDecimal here = measured.path(field).decimalValue();
            BigDecimal there = known.path(field).decimalValue();
            if (here.compareTo(there) != 0) {
                throw new DemoFailure(field + " of " + machine.name + ": " + there + " (expected: " + here
                        + ", as the machine measures)");
            }
        }
    }

    // ---- maps ----

    private Api.Answer enter(String map, String requestId) {
        return api.post(
                "maps/" + map + "/entries", Map.of("requestId", requestId, "accountId", VISITOR, "region", REGION));
    }

    /** Players keep coming until one is sent to that host. */
    private JsonNode awaitHost(String map, Lent machine) throws InterruptedException {
        return story.until(map + " to be served by " + machine.name, () -> {
            Api.Answer answer = enter(map, UUID.randomUUID().toString());
            if (!answer.ok()) {
                return Story.Seen.notYet(answer.inWords());
            }
            JsonNode entry = answer.json();
            if (entry.path("decision").asString("").equals("P2P")) {
                if (!entry.path("hostId").asString("").equals(machine.hostId)) {
                    throw new IllegalStateException(map + " went to host " + entry.path("hostId") + " (expected: "
                            + machine.name + ", " + machine.hostId + ")");
                }
                return Story.Seen.done(entry);
            }
            JsonNode explained = api.get("maps/" + map + "/explain?region=" + REGION);
            return Story.Seen.notYet(entry.path("decision").asString("?") + ", reason "
                    + entry.path("reason").asString("?") + ", " + machine.name + " "
                    + candidate(explained, machine.hostId).path("refusal"));
        });
    }

    private void awaitPlayer(Target target, String answeredBy) throws InterruptedException {
        story.until("a player at " + target, () -> {
            String who = Player.visit(target.host(), target.port());
            return who.equals(answeredBy)
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet("answered by " + who + " (expected: " + answeredBy + ")");
        });
    }

    private void firstMapToAlpha() throws InterruptedException {
        Lent host = lent(alpha);
        JsonNode entry = awaitHost(firstMap, host);
        firstEpoch = entry.path("epoch").asLong(0);
        Target target = Target.of(entry);
        firstTarget = target;
        awaitPlayer(target, "alpha/" + firstMap);
        story.say(firstMap + " is alpha's at epoch " + firstEpoch + "; a player at the relay's " + target
                + " was answered by alpha's map-server, with his own nonce");
        checkSameRequestSameAnswer(entry);
    }

    private void checkSameRequestSameAnswer(JsonNode seen) {
        String requestId = UUID.randomUUID().toString();
        JsonNode first = enter(firstMap, requestId).json();
        JsonNode again = enter(firstMap, requestId).json();
        if (!first.equals(again)) {
            throw new DemoFailure("the same request was answered differently: " + first + " and " + again);
        }
        if (first.path("epoch").asLong(-1) != seen.path("epoch").asLong(-2)) {
            throw new DemoFailure("the epoch changed without a reason: " + first);
        }
    }

    private void secondMapToBeta() throws InterruptedException {
        // Starting it all has kept this machine busy, and a busy host is passed over whatever else is true of it.
        JsonNode refusal = story.until("alpha to be passed over because it is full, beta to be free", () -> {
            JsonNode explained = api.get("maps/" + secondMap + "/explain?region=" + REGION);
            JsonNode why = candidate(explained, lent(alpha).hostId).path("refusal");
            JsonNode whyNotBeta = candidate(explained, lent(beta).hostId).path("refusal");
            return why.path("gate").asString("").equals("MAP_SLOTS") && whyNotBeta.isEmpty()
                    ? Story.Seen.done(why)
                    : Story.Seen.notYet("alpha " + why + ", beta " + whyNotBeta);
        });
        JsonNode entry = awaitHost(secondMap, lent(beta));
        secondEpoch = entry.path("epoch").asLong(0);
        Target target = Target.of(entry);
        awaitPlayer(target, "beta/" + secondMap);
        story.say(secondMap + " is beta's at epoch " + secondEpoch + "; a player at " + target
                + " was answered by beta's map-server");
        tellScore(entry);
        story.say("why not alpha: " + refusal.path("gate").asString("") + ", "
                + refusal.path("detail").asString(""));
    }

    private void tellScore(JsonNode entry) {
        JsonNode score = entry.path("score");
        if (!score.isObject()) {
            score = candidate(api.get("maps/" + secondMap + "/explain?region=" + REGION), lent(beta).hostId)
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

    private static JsonNode candidate(JsonNode explained, String hostId) {
        for (JsonNode candidate : explained.path("candidates")) {
            if (candidate.path("hostId").asString("").equals(hostId)) {
                return candidate;
            }
        }
        throw new DemoFailure("host " + hostId + " is not explained at all");
    }

    private void restrictedStays() throws InterruptedException {
        JsonNode entry = enter(restrictedMap, UUID.randomUUID().toString()).json();
        if (!entry.path("decision").asString("").equals("VPS")
                || !entry.path("reason").asString("").equals("RESTRICTED")) {
            throw new DemoFailure("entry to " + restrictedMap + ": " + entry + " (expected: VPS, RESTRICTED)");
        }
        awaitPlayer(Target.of(entry), VPS_MACHINE + "/core");
        Api.Answer forced = api.post(
                "maps/" + restrictedMap + ":migrate", Map.of("to", Map.of("kind", "HOST", "id", lent(beta).hostId)));
        if (forced.status() / 100 != 4) {
            throw new DemoFailure(
                    "migration of " + restrictedMap + " to a host: " + forced.inWords() + " (expected: refused)");
        }
        story.say(restrictedMap + " is served by the VPS; moving it by hand is refused: " + forced.inWords());
    }

    // ---- failure ----

    private void alphaDies() throws InterruptedException {
        Target target = target();
        long before = System.nanoTime();
        Programs.killTree(process(lent(alpha)));
        awaitPlayer(target, "beta/" + firstMap);
        double seconds = (System.nanoTime() - before) / 1e9;
        long epoch = awaitOwner(firstMap, "HOST", lent(beta).hostId, firstEpoch);
        story.say(String.format(
                java.util.Locale.ROOT,
                "after %.2f s players at the same address %s are answered by beta; epoch %d -> %d",
                seconds,
                target,
                firstEpoch,
                epoch));
    }

    private void betaDies() throws InterruptedException {
        Target target = target();
        long firstBefore = assignment(firstMap).path("epoch").asLong(0);
        long before = System.nanoTime();
        Programs.killTree(process(lent(beta)));
        awaitPlayer(target, VPS_MACHINE + "/reserve");
        double seconds = (System.nanoTime() - before) / 1e9;
        long first = awaitOwner(firstMap, "VPS", RESERVE, firstBefore);
        long second = awaitOwner(secondMap, "VPS", RESERVE, secondEpoch);
        story.say(String.format(
                java.util.Locale.ROOT,
                "after %.2f s players at %s are answered by the VPS; %s at epoch %d, %s at epoch %d",
                seconds,
                target,
                firstMap,
                first,
                secondMap,
                second));
    }

    private JsonNode assignment(String map) {
        return api.all("assignments").stream()
                .filter(row -> row.path("map").asString("").equals(map))
                .findFirst()
                .orElseThrow(() -> new DemoFailure(map + " has no assignment"));
    }

    private long awaitOwner(String map, String kind, String id, long above) throws InterruptedException {
        return story.until("the owner of " + map, () -> {
            JsonNode row = assignment(map);
            JsonNode owner = row.path("owner");
            long epoch = row.path("epoch").asLong(0);
            return owner.path("kind").asString("").equals(kind)
                            && owner.path("id").asString("").equals(id)
                            && epoch > above
                    ? Story.Seen.done(epoch)
                    : Story.Seen.notYet(row + " (expected: " + kind + " " + id + " above epoch " + above + ")");
        });
    }

    private void alphaIsRefused() throws IOException, InterruptedException {
        Lent machine = lent(alpha);
        start(machine);
        if (!awaitReadyOrEnd(machine)) {
            throw new DemoFailure("alpha did not come back: " + lastLines(programs.log(machine.name)));
        }
        JsonNode fence = story.until("alpha to be told that its epoch is over", () -> {
            try {
                for (JsonNode line : status(machine).path("fenced")) {
                    if (line.path("map").asString("").equals(firstMap)) {
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
        JsonNode row = assignment(firstMap);
        if (row.path("epoch").asLong(0) < current) {
            throw new DemoFailure("assignment went back to " + row + " (expected: epoch >= " + current + ")");
        }
        story.say(
                "alpha offered " + firstMap + " with epoch " + firstEpoch + " and was refused: current is " + current);
        JsonNode audit = story.until(
                "the refusal in the audit log",
                () -> api.all("audit?action=char-link.refused&limit=100").stream()
                        .filter(entry -> entry.toString().contains(firstMap)
                                && entry.toString().contains(machine.hostId))
                        .findFirst()
                        .map(Story.Seen::done)
                        .orElseGet(() -> Story.Seen.notYet("no char-link.refused of " + firstMap)));
        story.say("audit: " + audit.path("occurredAt").asString("") + " "
                + audit.path("action").asString("") + " " + audit.path("detail"));
    }

    private void remembered() throws InterruptedException {
        int points = story.until("alpha's load in the history", () -> {
            int seen = api.get("metrics/hosts/" + lent(alpha).hostId)
                    .path("points")
                    .size();
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
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 6), lines.size()));
    }

    private static <T> T known(@Nullable T value, String what) {
        if (value == null) {
            throw new DemoFailure(what + " is not there yet");
        }
        return value;
    }

    private static Lent lent(@Nullable Lent machine) {
        return known(machine, "the machine");
    }

    private static Process process(Lent machine) {
        return known(machine.agent, machine.name + "'s agent");
    }

    private Programs.StandIn vps() {
        return known(vps, "the VPS");
    }

    private Target target() {
        return known(firstTarget, "the address of " + firstMap);
    }
}
