package io.p2phost.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.demo.Demo;
import io.p2phost.e2e.Suite.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka or PostgreSQL away for a minute: visible, survived, and nothing that was committed is lost. */
@Tag("deep")
class OutageIT {
    private static final Duration AWAY = Duration.ofMinutes(1);

    @TempDir
    static Path folder;

    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = Suite.up(folder.resolve("home"), "--processes");
    }

    @AfterAll
    static void stop() throws Exception {
        suite.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "postgresql"})
    void partThatHangsForAMinuteIsSeenAndSurvived(String part) throws Exception {
        ProcessHandle process = suite.process(part);
        Suite.signal("STOP", process);
        Instant back = Instant.now().plus(AWAY);
        try {
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> suite.get("status").text().contains(part));
            await().atMost(AWAY.multipliedBy(2)).until(() -> Instant.now().isAfter(back));
        } finally {
            Suite.signal("CONT", process);
        }
        awaitUp();

        Outcome demo = suite.demo();
        assertThat(demo.text()).contains("The story is told");
    }

    @Test
    void whatWasCommittedWithoutKafkaArrivesWhenItIsBack() throws Exception {
        ProcessHandle kafka = suite.process("kafka");
        Suite.signal("STOP", kafka);
        try {
            assertThat(suite.call(
                                    "POST",
                                    "enrolments",
                                    suite.adminKey(),
                                    "{\"accountId\":2000077,\"label\":\"while kafka was away\"}")
                            .status())
                    .isEqualTo(201);
        } finally {
            Suite.signal("CONT", kafka);
        }

        await().atMost(Duration.ofMinutes(1))
                .until(() -> suite.get("audit?limit=200").text().contains("2000077"));
        awaitUp();
    }

    private static void awaitUp() {
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> Demo.isWell(suite.get("status").json()));
    }
}
