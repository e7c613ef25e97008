package io.p2phost.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.Stage.Reply;
import io.p2phost.contracts.event.HostStateChanged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two instances on one database, sixteen writers at once, all for the same maps and few host slots. db-proxy's
 * stand-in keeps every change in order, so a double assignment would show.
 */
class RaceIT {
    private static final int WRITERS = 16;
    private static final int ROUNDS = 6;

    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(2, Map.of("p2p.assignment.ready-wait", "5s", "p2p.assignment.ready-timeout", "20s"));
        stage.distribute(false);
        stage.registerVps("reserve", 5131, "RESERVE");
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @Test
    void manyEntriesForOneMapGiveItToOneHost() throws Exception {
        for (int i = 0; i < 4; i++) {
            stage.say(stage.strongHost(3));
        }
        stage.hostsBecomeReady();
        for (int round = 0; round < ROUNDS; round++) {
            String map = "pay_fild%02d".formatted(30 + round);
            List<Callable<Reply>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int instance = i % 2;
                writers.add(() -> stage.enter(stage.instances.get(instance), map, UUID.randomUUID()));
            }
            Set<String> owners = new HashSet<>();
            for (Reply reply : all(writers)) {
                assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
                if (reply.text("/decision").equals("P2P")) {
                    owners.add(reply.text("/hostId") + "@"
                            + reply.json().at("/epoch").asLong());
                }
            }
            assertThat(owners).as("owners that players were told of " + map).hasSize(1);
            assertThat(stage.peers.changes.stream()
                            .filter(row -> row.map().value().equals(map)))
                    .as("changes of " + map)
                    .hasSize(1);
        }
        assertNoHostIsTooFull(3);
    }

    @Test
    void manyMapsForFewSlotsNeverFillAHostBeyondThem() throws Exception {
        stage.clear();
        Map<String, Integer> slots = new HashMap<>();
        for (int max = 1; max <= 3; max++) {
            HostStateChanged host = stage.say(stage.strongHost(max));
            slots.put(host.hostId().value(), max);
        }
        stage.hostsBecomeReady();
        List<Callable<Reply>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS * 2; i++) {
            String map = "gef_fild%02d".formatted(30 + i);
            int instance = i % 2;
            writers.add(() -> stage.enter(stage.instances.get(instance), map, UUID.randomUUID()));
        }
        Map<String, Integer> given = new HashMap<>();
        for (Reply reply : all(writers)) {
            assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
            if (reply.text("/decision").equals("P2P")) {
                given.merge(reply.text("/hostId"), 1, Integer::sum);
            }
        }
        assertThat(given).as("every slot is used and none twice").isEqualTo(slots);
    }

    @Test
    void sameRequestOnBothInstancesAtOnceGetsOneAnswer() throws Exception {
        stage.clear();
        stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        UUID request = UUID.randomUUID();
        List<Callable<Reply>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int instance = i % 2;
            writers.add(() -> stage.enter(stage.instances.get(instance), "prt_fild30", request));
        }
        Set<String> answers = new HashSet<>();
        all(writers).forEach(reply -> answers.add(reply.body()));
        assertThat(answers).hasSize(1);
    }

    private static void assertNoHostIsTooFull(int slots) {
        Map<String, Integer> maps = new HashMap<>();
        for (var row : stage.get("/api/v1/assignments?limit=500").json().at("/items")) {
            if (row.at("/owner/kind").asString("").equals("HOST")) {
                maps.merge(row.at("/owner/id").asString(), 1, Integer::sum);
            }
        }
        assertThat(maps.values()).allMatch(n -> n <= slots);
    }

    private static List<Reply> all(List<Callable<Reply>> writers) throws Exception {
        List<Reply> replies = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(WRITERS)) {
            for (Future<Reply> reply : executor.invokeAll(writers)) {
                replies.add(reply.get());
            }
        }
        return replies;
    }
}
