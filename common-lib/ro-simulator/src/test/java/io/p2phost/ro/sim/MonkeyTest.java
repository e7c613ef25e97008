package io.p2phost.ro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Players who do anything at any moment, on servers that die at any moment; each seed is one history. */
final class MonkeyTest {
    private static final int COIN = 909;
    private static final List<String> FIRST = List.of("prontera", "prt_fild08");
    private static final List<String> SECOND = List.of("prt_fild07", "prt_fild05");
    private static final int STEPS = 150;

    private final List<SimClient> clients = new ArrayList<>();
    private final List<SimMapServer> servers = new ArrayList<>();

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noItemIsLostOrMadeWhileEverybodyLives(long seed) {
        Stage stage = start(seed, 0);
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < STEPS; step++) {
            SimClient client = clients.get(random.nextInt(clients.size()));
            boolean master = client != clients.get(1);
            if (random.nextInt(10) == 0 && client.playing() && master) {
                client.say("@item " + COIN + " 3");
            } else {
                act(client, random);
            }
            stage.run(random.nextInt(1, 400));
        }

        clients.forEach(SimClient::quit);
        stage.run(Duration.ofSeconds(30));

        for (int item : new int[] {COIN, 1202}) {
            long balance =
                    servers.stream().mapToLong(server -> server.balance(item)).sum();
            long lying =
                    servers.stream().mapToLong(server -> server.total(item)).sum();
            assertThat(stage.database.total(item) + lying)
                    .as("seed %d, item %d", seed, item)
                    .isEqualTo(balance);
        }
        assertThat(stage.charServer.dropped()).isZero();
        assertSound(stage);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everythingHealsAfterAnyDeath(long seed) {
        Stage stage = start(seed, 99);
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(25)) {
                case 0 -> {
                    stage.killCharServer();
                    stage.run(random.nextInt(1, 20_000));
                    stage.startCharServer();
                }
                case 1 -> {
                    int which = random.nextInt(servers.size());
                    stage.kill(servers.get(which));
                    stage.run(random.nextInt(1, 5_000));
                    servers.set(which, server(stage, which));
                }
                default -> act(clients.get(random.nextInt(clients.size())), random);
            }
            stage.run(random.nextInt(1, 2_000));
        }

        stage.until("servers", () -> servers.stream().allMatch(SimMapServer::ready));
        stage.run(Duration.ofSeconds(90));
        for (SimClient client : clients) {
            client.drop();
        }
        stage.run(Duration.ofSeconds(90));
        for (SimClient client : clients) {
            // The first attempt may find the account still known.
            client.play(0);
            stage.run(Duration.ofSeconds(35));
            if (!client.playing()) {
                client.play(0);
                stage.run(Duration.ofSeconds(5));
            }
            assertThat(client.playing())
                    .as("seed %d: refused %d", seed, client.lastBan())
                    .isTrue();
        }
        assertSound(stage);
    }

    private Stage start(long seed, int group) {
        Stage stage = new Stage(seed);
        servers.add(server(stage, 0));
        servers.add(server(stage, 1));
        clients.add(stage.client("alice", 99, new Point("prt_fild08", 192, 100)));
        clients.add(stage.client("bob", group, new Point("prt_fild07", 12, 100)));
        clients.add(stage.client("carol", 99, new Point("prt_fild07", 14, 100)));
        stage.database.formParty("All", stage.database.characterIds());
        stage.until("servers", () -> servers.stream().allMatch(SimMapServer::ready));
        clients.forEach(stage::play);
        return stage;
    }

    private static SimMapServer server(Stage stage, int which) {
        return stage.mapServer(5121 + which, (which == 0 ? FIRST : SECOND).toArray(String[]::new));
    }

    private static void act(SimClient client, SplittableRandom random) {
        if (!client.playing()) {
            client.play(0);
            return;
        }
        switch (random.nextInt(14)) {
            case 0 -> client.walkTo(197, 100);
            case 1 -> client.walkTo(2, 100);
            case 2 -> client.walkTo(random.nextInt(1, 190), random.nextInt(60, 140));
            case 3 -> client.say("hello");
            case 4 -> client.sayToParty("hello");
            case 5 -> client.whisper("Bob", "hello");
            case 6 -> client.drop(client.slotOf(COIN), 1);
            case 7, 8 -> client.floor().forEach(client::pickUp);
            case 9 -> client.monsters().keySet().stream().sorted().findFirst().ifPresent(client::attack);
            case 10 -> client.say("@zeny 10");
            case 11 -> client.drop();
            case 12 -> client.quit();
            default -> client.toCharacterScreen();
        }
    }

    private void assertSound(Stage stage) {
        for (SimClient client : clients) {
            assertThat(client.faults()).isEmpty();
        }
        assertThat(servers).noneMatch(SimMapServer::dead);
        assertThat(stage.inter.entries()).isNotEmpty();
    }
}
