package io.p2phost.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.ServiceName;
import io.p2phost.demo.Demo;
import io.p2phost.e2e.Suite.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The demo proves something only if it fails when a service does not do its part. */
@Tag("deep")
class StoppedServiceIT {
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
    @EnumSource
    void demoFailsAndNamesTheStep(ServiceName service) throws Exception {
        ProcessHandle process = suite.process(service.id());
        Suite.signal("STOP", process);
        try {
            Outcome demo = suite.demo();

            assertThat(demo.status()).as(demo.text()).isEqualTo(1);
            assertThat(demo.text()).containsPattern("FAILED: step \\d+ \\(.+\\) failed: ");
        } finally {
            Suite.signal("CONT", process);
        }
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Demo.isWell(suite.get("status").json()));
    }
}
