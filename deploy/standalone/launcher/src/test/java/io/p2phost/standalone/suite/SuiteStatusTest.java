package io.p2phost.standalone.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.standalone.suite.SuiteStatus.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteStatusTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws Exception {
        Instant then = Instant.parse("2026-11-21T01:02:03.004Z");
        SuiteStatus status = new SuiteStatus(
                Phase.READY,
                "small",
                42,
                then,
                17_000,
                100,
                List.of(
                        new PartStatus("kafka", PartState.READY, then, 1234, 2, 99, ""),
                        new PartStatus("relay", PartState.RESTARTING, then, 0, 1, 0, "why: \"so\"\n= ü")));
        Path file = folder.resolve("state");

        status.write(file);

        assertThat(SuiteStatus.read(file)).contains(status);
    }

    @Test
    void rubbishIsNoStatus() throws Exception {
        assertThat(SuiteStatus.read(folder.resolve("absent"))).isEmpty();
        assertThat(SuiteStatus.read(Files.writeString(folder.resolve("x"), "phase=READY")))
                .isEmpty();
    }
}
