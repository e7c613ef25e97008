package io.p2phost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The long form of {@code ./p2p soak chaos}. */
@Tag("deep")
class ChaosIT {
    private static final int MINUTES = 10;

    @TempDir
    static Path folder;

    @Test
    void nothingIsLostAndNobodyThrownOutWhileEverythingIsKilledAtRandom() throws Exception {
        Path out = folder.resolve("out.json");
        Path told = folder.resolve("told.txt");
        Process soak = new ProcessBuilder(List.of(
                        Suite.DIST.resolve("p2p").toString(),
                        "soak",
                        "chaos",
                        "--json",
                        "--minutes",
                        Integer.toString(MINUTES),
                        "--work",
                        folder.resolve("work").toString()))
                .redirectOutput(out.toFile())
                .redirectError(told.toFile())
                .start();
        try {
            assertThat(soak.waitFor(MINUTES + 30, TimeUnit.MINUTES)).isTrue();
        } finally {
            soak.destroy();
        }

        String text = Files.readString(told);
        assertThat(soak.exitValue()).as(text).isZero();
        JsonNode result = Json.mapper().readTree(Files.readString(out));
        assertThat(result.path("faults")).isEmpty();
        assertThat(result.path("closed").asInt(-1)).isZero();
        assertThat(result.path("happened").size()).isGreaterThan(5);
        assertThat(result.path("portals").asInt(0)).isGreaterThan(50);
    }
}
