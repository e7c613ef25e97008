package io.p2phost.demo;

import io.p2phost.ro.sim.Endpoint;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** What any telling of the story asks of the suite: that it is well and free, its VPS map-servers, who owns which map. */
final class Ground {
    private final Api api;
    private final Site site;
    private final Hosts hosts;
    private final Cleanup cleanup;
    private final Story story;

    Ground(Api api, Site site, Hosts hosts, Cleanup cleanup, Story story) {
        this.api = api;
        this.site = site;
        this.hosts = hosts;
        this.cleanup = cleanup;
        this.story = story;
    }

    /** All of it: a part that has just come back may take a moment. */
    void answers() throws InterruptedException {
        story.until("every part of the suite to be up", () -> {
            JsonNode status = api.get("status");
            return Demo.isWell(status)
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet(status.path("state").asString("?") + ", degraded: " + status.path("degraded"));
        });
        story.say("gateway " + api.gateway() + ": UP");
    }

    /** No char-server, no host that is Ready and no other VPS map-servers. */
    void isFree() throws InterruptedException, IOException {
        hosts.restoreAll();
        story.until("db-proxy without a char-server: the demo brings its own, at " + site.charServer(), () -> {
            JsonNode degraded = api.get("status").path("degraded");
            return degraded.valueStream().anyMatch(Demo::isCharServer)
                    ? Story.Seen.done(true)
                    : Story.Seen.notYet("it is logged in at one already");
        });
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
            if (!id.equals(Demo.CORE) && !id.equals(Demo.RESERVE)) {
                throw new DemoFailure("VPS map-server " + id + " is registered (expected: none but the demo's own, or"
                        + " its players would be sent to the demo's stand-ins)");
            }
            api.delete("vps/" + id);
        }
    }

    void register(String id, Endpoint at, String role) {
        cleanup.add("VPS " + id, () -> api.delete("vps/" + id));
        api.putOk("vps/" + id, Map.of("host", at.host(), "port", at.port(), "role", role));
        story.say(id + " (" + role + ") at " + at);
    }

    Api.Answer enter(String map, String requestId) {
        return api.post(
                "maps/" + map + "/entries",
                Map.of("requestId", requestId, "accountId", Demo.VISITOR, "region", Hosts.REGION));
    }

    /** Players keep coming until one is sent to that host. */
    JsonNode awaitHost(String map, Machine machine) throws InterruptedException {
        return story.until(map + " to be served by " + machine.name(), () -> {
            Api.Answer answer = enter(map, UUID.randomUUID().toString());
            if (!answer.ok()) {
                return Story.Seen.notYet(answer.inWords());
            }
            JsonNode entry = answer.json();
            if (entry.path("decision").asString("").equals("P2P")) {
                if (!entry.path("hostId").asString("").equals(machine.hostId())) {
                    throw new IllegalStateException(map + " went to host " + entry.path("hostId") + " (expected: "
                            + machine.name() + ", " + machine.hostId() + ")");
                }
                return Story.Seen.done(entry);
            }
            JsonNode explained = api.get("maps/" + map + "/explain?region=" + Hosts.REGION);
            return Story.Seen.notYet(entry.path("decision").asString("?") + ", reason "
                    + entry.path("reason").asString("?") + ", " + machine.name() + " "
                    + candidate(explained, machine.hostId()).path("refusal"));
        });
    }

    long awaitOwner(String map, String kind, String id, long above) throws InterruptedException {
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

    JsonNode assignment(String map) {
        return Demo.assignment(api, map);
    }

    static JsonNode candidate(JsonNode explained, String hostId) {
        for (JsonNode candidate : explained.path("candidates")) {
            if (candidate.path("hostId").asString("").equals(hostId)) {
                return candidate;
            }
        }
        throw new DemoFailure("host " + hostId + " is not explained at all");
    }
}
