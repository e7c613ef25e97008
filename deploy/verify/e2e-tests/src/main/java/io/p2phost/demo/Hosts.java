package io.p2phost.demo;

import io.p2phost.contracts.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What owners of machines do: enrol, join, look how it goes. */
final class Hosts {
    static final String REGION = "EU";
    private static final int BELOW_MINIMUM = 3;
    private static final Duration COMMAND = Duration.ofSeconds(20);
    private static final int LOG_LINES = 6;

    private final Api api;
    private final Programs programs;
    private final Cleanup cleanup;
    private final Story story;

    Hosts(Api api, Programs programs, Cleanup cleanup, Story story) {
        this.api = api;
        this.programs = programs;
        this.cleanup = cleanup;
        this.story = story;
    }

    void enrol(Machine machine, long account) throws IOException, InterruptedException {
        String code = api.postOk("enrolments", Map.of("accountId", account, "label", "demo " + machine.name()))
                .path("code")
                .asString("");
        Programs.Outcome outcome = programs.host(
                COMMAND,
                List.of(
                        "enroll",
                        "--home",
                        machine.home().toString(),
                        "--gateway",
                        api.gateway().toString(),
                        "--name",
                        machine.name(),
                        "--region",
                        REGION,
                        code));
        if (outcome.exitCode() != 0) {
            throw new DemoFailure("p2p-host enroll ended with " + outcome.exitCode() + ": "
                    + outcome.err().strip());
        }
        machine.enrolled(status(machine).path("hostId").asString(""));
        story.say(machine.name() + " is host " + machine.hostId());
    }

    JsonNode status(Machine machine) throws IOException, InterruptedException {
        String out = programs.host(
                        COMMAND, List.of("status", "--home", machine.home().toString(), "--json"))
                .out();
        return Json.mapper().readTree(out);
    }

    /** Joins with what the machine really has; where that is too little, for a lower minimum. */
    void join(Machine machine) throws IOException, InterruptedException {
        allowBusy();
        machine.startAgent();
        if (!awaitReadyOrEnd(machine)) {
            String said = lastLines(machine);
            if (machine.agentsExitCode() != BELOW_MINIMUM) {
                throw new DemoFailure("p2p-host run ended with " + machine.agentsExitCode() + ": " + said);
            }
            story.say(said);
            lowerMinimum(machine);
            machine.startAgent();
            if (!awaitReadyOrEnd(machine)) {
                throw new DemoFailure("refused even so: " + lastLines(machine));
            }
        }
        checkNothingWasAltered(machine);
    }

    /** Joins again, as it is. */
    void comeBack(Machine machine) throws IOException, InterruptedException {
        machine.startAgent();
        if (!awaitReadyOrEnd(machine)) {
            throw new DemoFailure(machine.name() + " did not come back: " + lastLines(machine));
        }
    }

    /** True when the registry says Ready, false when the agent ended. */
    private boolean awaitReadyOrEnd(Machine machine) throws InterruptedException {
        return story.until(machine.name() + " to be Ready", () -> {
            if (!machine.agentRuns()) {
                return Story.Seen.done(false);
            }
            JsonNode host = api.get("hosts/" + machine.hostId());
            String state = host.path("state").asString("?");
            if (!state.equals("READY")) {
                return Story.Seen.notYet(state);
            }
            story.say(machine.name() + " is READY, tier " + host.path("tier").asInt(-1) + ": "
                    + host.path("cpuGhz").asString("?") + " GHz, "
                    + host.path("cpuCores").asString("?") + " cores, "
                    + host.path("ramGb").asString("?") + " GB, "
                    + host.path("networkMbps").asString("?") + " Mbit/s, at most "
                    + host.path("maxMaps").asString("?") + " maps");
            return Story.Seen.done(true);
        });
    }

    /** Publishes a lower minimum. */
    private void lowerMinimum(Machine machine) throws IOException, InterruptedException {
        JsonNode measured = measured(machine);
        String before = api.getText("config/" + Minimum.FILE);
        Map<String, BigDecimal> inForce = Minimum.inForce(api.get("config"));
        Minimum.Lowered lowered = Minimum.lower(before, measured, inForce);
        if (lowered.changes().isEmpty()) {
            throw new DemoFailure("this machine is refused, but no requirement of " + Minimum.FILE + " explains it");
        }
        publish(Minimum.FILE, before, lowered.text());
        story.say("For the demo the operator publishes a lower minimum (the machine's figures are not touched):");
        lowered.changes().forEach(change -> story.say("  " + change));
    }

    /** All machines are this one, which carries the suite too: how busy it is says nothing of a lent one. */
    private void allowBusy() throws IOException {
        String before = api.getText("config/" + Minimum.LOAD_FILE);
        String busy = Minimum.busy(before);
        if (!busy.equals(before)) {
            publish(Minimum.LOAD_FILE, before, busy);
            story.say(
                    "For the demo the operator lets busy machines have maps, because all of them are this one: cpu_limit 100");
        }
    }

    /** Publishes a file; its text is kept on disk first, so that even a killed demo can be undone. */
    private void publish(String file, String before, String text) throws IOException {
        Files.writeString(kept(file), before);
        cleanup.add(file, () -> restore(file));
        api.putText("config/" + file, text);
    }

    private Path kept(String file) {
        return programs.work().resolve(file + ".before-demo");
    }

    /** Publishes the kept texts again, if there are any; also what an earlier, killed demo left. */
    void restoreAll() throws IOException {
        restore(Minimum.FILE);
        restore(Minimum.LOAD_FILE);
    }

    private void restore(String file) throws IOException {
        Path kept = kept(file);
        if (!Files.exists(kept)) {
            return;
        }
        String before = Files.readString(kept);
        api.putText("config/" + file, before);
        if (!api.getText("config/" + file).equals(before)) {
            throw new DemoFailure(file + " is not what it was (expected: the text of " + kept + ")");
        }
        Files.delete(kept);
        story.say(file + " is again what it was before the demo");
    }

    private void checkNothingWasAltered(Machine machine) throws IOException, InterruptedException {
        JsonNode measured = measured(machine);
        JsonNode known = api.get("hosts/" + machine.hostId());
        for (String field : List.of("cpuGhz", "cpuCores", "ramGb", "networkMbps")) {
            BigDecimal here = measured.path(field).decimalValue();
            BigDecimal there = known.path(field).decimalValue();
            if (here.compareTo(there) != 0) {
                throw new DemoFailure(field + " of " + machine.name() + ": " + there + " (expected: " + here
                        + ", as the machine measures)");
            }
        }
    }

    private JsonNode measured(Machine machine) throws IOException, InterruptedException {
        return Json.mapper()
                .readTree(programs.host(
                                COMMAND,
                                List.of("doctor", "--home", machine.home().toString(), "--json"))
                        .out())
                .path("machine");
    }

    private static String lastLines(Machine machine) throws IOException {
        List<String> lines = Files.readAllLines(machine.log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }
}
