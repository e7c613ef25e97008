package io.p2phost.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.standalone.home.Home;
import io.p2phost.standalone.suite.PartState;
import io.p2phost.standalone.suite.PartStatus;
import io.p2phost.standalone.suite.SuiteStatus;
import io.p2phost.standalone.suite.SuiteStatus.Phase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final Instant NOW = Instant.parse("2026-11-21T01:00:00Z");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void withoutATerminalThereIsOneLinePerChange() {
        StartDisplay display = new StartDisplay(out, false, InstantSource.fixed(NOW));
        display.begin(List.of(part("kafka", PartState.WAITING, "")));

        display.changed(part("kafka", PartState.STARTING, ""));
        display.changed(part("kafka", PartState.READY, ""));
        display.end();

        assertThat(printed())
                .isEqualTo("  kafka               ready         3.2 s\n")
                .doesNotContain("\u001b");
    }

    @Test
    void onATerminalTheTableIsDrawnOverItself() {
        StartDisplay display = new StartDisplay(out, true, InstantSource.fixed(NOW));
        display.begin(List.of(part("kafka", PartState.WAITING, ""), part("relay", PartState.WAITING, "")));

        display.changed(part("kafka", PartState.STARTING, ""));
        display.changed(part("kafka", PartState.READY, ""));
        display.end();

        assertThat(printed()).contains("\u001b[2A").contains("kafka               ready");
    }

    @Test
    void afterTheStartATerminalGetsLinesToo() {
        StartDisplay display = new StartDisplay(out, true, InstantSource.fixed(NOW));
        display.begin(List.of(part("kafka", PartState.READY, "")));
        display.end();
        bytes.reset();

        display.changed(part("kafka", PartState.RESTARTING, "killed by signal 9; starts again in 1 s"));

        assertThat(printed())
                .isEqualTo("  kafka               restarting killed by signal 9; starts again in 1 s\n"
                        .replace("restarting killed", "restarting   killed"));
    }

    @Test
    void aServiceThatDoesNotAnswerNowIsNotReadyWhateverTheLauncherWroteDown() {
        // Nothing listens on this machine's port 55080 + 1000.
        SuiteStatus suite = new SuiteStatus(
                Phase.READY, "small", 7, NOW, 17_000, 46_000, List.of(part("gateway", PartState.READY, "")));

        StatusReport report = StatusReport.of(new Home(Path.of("/suite")), suite);

        assertThat(report.allReady()).isFalse();
        assertThat(report.text(NOW.plusSeconds(90)))
                .contains("The suite is ready (small form, pid 7, up 1 min)")
                .contains("gateway             not-ready")
                .contains("http://127.0.0.1:54080")
                .contains("/suite/admin-api-key");
    }

    @Test
    void jsonEscapesWhatAPartSaid() {
        SuiteStatus suite = new SuiteStatus(
                Phase.READY, "small", 7, NOW, 1, 46_000, List.of(part("kafka", PartState.FAILED, "said \"no\"\n\t\\")));

        String json = StatusReport.of(new Home(Path.of("/suite")), suite).json();

        assertThat(json)
                .contains("\"detail\":\"said \\\"no\\\"\\n\\u0009\\\\\"")
                .contains("\"state\":\"failed\"")
                .contains("\"ready\":false");
        assertThat(StatusReport.stoppedJson(new Home(Path.of("/suite")), List.of("postgresql")))
                .isEqualTo(
                        "{\"running\":false,\"ready\":false,\"home\":\"/suite\",\"leftProcesses\":[\"postgresql\"]}");
    }

    private static PartStatus part(String name, PartState state, String detail) {
        return new PartStatus(name, state, NOW, 3210, 0, 0, detail);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
