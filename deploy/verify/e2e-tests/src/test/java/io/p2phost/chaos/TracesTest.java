package io.p2phost.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.chaos.Traces.Served;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TracesTest {
    private static final Instant END = at(100);

    private static Instant at(int second) {
        return Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second);
    }

    private static String line(int second, String words) {
        return at(second).plusMillis(1) + " INFO  " + words;
    }

    private static Served served(long epoch, int from, Instant until) {
        return new Served("h", "prontera", epoch, at(from).plusMillis(1), until);
    }

    @Test
    void mapIsServedFromReadyUntilItIsNot() {
        List<String> log = List.of(
                "Says something else first.",
                line(1, "assigned: prontera epoch 2"),
                line(1, "prontera epoch 2: STARTING waiting for the map-server to log in at 127.0.0.1:1"),
                line(2, "prontera epoch 2: READY "),
                line(9, "fenced: prontera epoch 2 (current 4)"),
                line(12, "prontera epoch 5: STANDBY "),
                line(13, "prontera epoch 6: READY "),
                line(20, "stopped serving: asleep"),
                line(30, "prontera epoch 7: READY "));

        assertThat(Traces.served("h", log, List.of(), END))
                .containsExactly(
                        served(2, 2, at(9).plusMillis(1)), served(6, 13, at(20).plusMillis(1)), served(7, 30, END));
    }

    @Test
    void whoIsKilledOrAsleepServesNothing() {
        List<String> log = List.of(line(2, "prontera epoch 2: READY "), line(30, "prontera epoch 4: READY "));

        assertThat(Traces.served("h", log, List.of(at(50), at(10)), END))
                .containsExactly(served(2, 2, at(10)), served(4, 30, at(50)));
    }

    @Test
    void epochOfAnotherIsAFaultAndTheTimeWithoutKnowingIsMeasured() {
        List<Served> served = List.of(served(2, 1, at(9)), served(3, 20, at(30)));
        List<Owners.Row> rows = List.of(
                new Owners.Row("prontera", 2, "HOST h", at(1)), new Owners.Row("prontera", 3, "HOST other", at(7)));

        assertThat(Traces.faults(served, rows)).singleElement().asString().contains("at epoch 3", "never its own");
        assertThat(Traces.longestUnknowing(served, rows)).isEqualTo(Duration.ofSeconds(2));
    }
}
