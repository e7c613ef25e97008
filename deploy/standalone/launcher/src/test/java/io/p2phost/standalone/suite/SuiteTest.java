package io.p2phost.standalone.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.standalone.Refusal;
import io.p2phost.standalone.part.Part;
import io.p2phost.standalone.suite.SuiteStatus.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {
    @TempDir
    Path folder;

    private final List<String> journal = new CopyOnWriteArrayList<>();
    private final FakePart database = new FakePart("postgresql", journal, false);
    private final FakePart broker = new FakePart("kafka", journal, false);
    private final List<FakePart> services = new ArrayList<>();
    private Suite suite;
    private Board board;

    @AfterEach
    void stop() {
        if (suite != null) {
            suite.stop();
        }
    }

    @Test
    void everythingStartsInfrastructureFirstAndStopsInReverse() throws Exception {
        suite("registry", "relay");

        suite.start();
        assertThat(journal.subList(0, 2)).containsExactlyInAnyOrder("start postgresql", "start kafka");
        assertThat(journal.subList(2, 4)).containsExactlyInAnyOrder("start registry", "start relay");
        assertThat(board.picture().phase()).isEqualTo(Phase.READY);
        assertThat(board.picture().parts()).allMatch(part -> part.state() == PartState.READY);

        journal.clear();
        suite.stop();
        assertThat(journal).containsExactly("stop relay", "stop registry", "stop kafka", "stop postgresql");
        assertThat(board.picture().phase()).isEqualTo(Phase.STOPPED);
    }

    @Test
    void twoServicesStartAtATime() throws Exception {
        services.add(new FakePart("a", journal, true));
        services.add(new FakePart("b", journal, true));
        services.add(new FakePart("c", journal, true));
        suite();
        Thread starter = Thread.ofVirtual().start(() -> {
            try {
                suite.start();
            } catch (Refusal | InterruptedException e) {
                journal.add("failed " + e);
            }
        });

        await().until(() -> journal.contains("start a") && journal.contains("start b"));
        assertThat(journal).doesNotContain("start c");
        services.get(1).mayStart.countDown();
        await().until(() -> journal.contains("start c"));

        services.forEach(service -> service.mayStart.countDown());
        assertThat(starter.join(Duration.ofSeconds(10))).isTrue();
        assertThat(journal).noneMatch(line -> line.startsWith("failed"));
    }

    @Test
    void aFailedStartIsOneSentenceAndWhatWasStartedIsStopped() throws Exception {
        suite("registry", "relay", "metrics");
        services.get(0).failure = "registry did not start: no luck";

        assertThatThrownBy(suite::start).isInstanceOf(Refusal.class).hasMessage("registry did not start: no luck.");

        suite.stop();
        assertThat(journal).contains("stop registry", "stop kafka").endsWith("stop postgresql");
    }

    @Test
    void aPartThatWasNeverBegunIsNotStopped() {
        suite("registry");
        broker.failure = "no broker";

        assertThatThrownBy(suite::start).isInstanceOf(Refusal.class);
        suite.stop();

        assertThat(journal).doesNotContain("start registry", "stop registry");
    }

    @Test
    void aServiceThatDiesBeforeItIsReadyFailsTheStart() {
        suite("registry");
        services.getFirst().ready = false;
        Thread.ofVirtual().start(() -> {
            await().until(() -> services.getFirst().starts.get() == 1);
            services.getFirst().death = "killed by signal 9";
        });

        assertThatThrownBy(suite::start).hasMessage("registry ended before it was ready: killed by signal 9.");
    }

    @Test
    void aPartThatDiesIsStartedAgainAlone() throws Exception {
        suite("registry", "relay");
        suite.start();
        watch();

        services.getLast().death = "its context closed";

        await().atMost(Duration.ofSeconds(20))
                .until(() -> services.getLast().starts.get() == 2);
        await().until(() -> board.part("relay").state() == PartState.READY);
        assertThat(board.part("relay").restarts()).isEqualTo(1);
        assertThat(services.getFirst().starts.get()).isEqualTo(1);
        assertThat(database.starts.get()).isEqualTo(1);
    }

    @Test
    void whyAndWhenItStartsAgainIsToBeSeen() throws Exception {
        suite("registry");
        suite.start();
        services.getFirst().failure = "still no luck";
        watch();

        services.getFirst().death = "killed by signal 9";

        await().until(() -> board.part("registry").detail().equals("killed by signal 9; starts again in 1 s"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> board.part("registry").detail().equals("still no luck; starts again in 2 s"));
        assertThat(SuiteStatus.read(folder.resolve("state")).orElseThrow().parts())
                .anyMatch(part -> part.name().equals("registry") && part.state() == PartState.RESTARTING);
    }

    @Test
    void aStopDuringARestartsPauseDoesNotWaitForIt() throws Exception {
        suite("registry");
        suite.start();
        watch();
        services.getFirst().death = "gone";
        await().until(() -> board.part("registry").state() == PartState.RESTARTING);

        suite.stop();

        assertThat(services.getFirst().starts.get()).isEqualTo(1);
        assertThat(journal).endsWith("stop registry", "stop kafka", "stop postgresql");
    }

    private void watch() {
        Thread.ofVirtual().start(() -> {
            try {
                suite.watch();
            } catch (InterruptedException e) {
                journal.add("watch interrupted");
            }
        });
    }

    private void suite(String... names) {
        for (String name : names) {
            services.add(new FakePart(name, journal, false));
        }
        List<String> all = new ArrayList<>(List.of("postgresql", "kafka"));
        services.forEach(service -> all.add(service.name()));
        InstantSource clock = InstantSource.system();
        board = new Board(clock, folder.resolve("state"), "small", 0, Instant.now(), all, part -> {});
        suite = new Suite(List.of(database, broker), List.<Part>copyOf(services), board, clock);
    }
}
