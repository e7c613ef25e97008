package io.p2phost.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StormTest {
    private final StormBench bench = new StormBench(200, 1_500);

    @Test
    void lastLineIsTheResult() throws IOException {
        assertThat(bench.figures(List.of(
                        "8. 80 machines are lost in one moment",
                        "back in the game: 600 players, first 150, p50 900, p99 3000, last 4000 ms; 1 of 600 closed",
                        "on the reserve: 240 players, first 150, p50 900, p99 3000, last 4000 ms; at most 90 within a second",
                        "ours=4000 rival=20000 ratio=0.200 unit=ms-last hosts=200 vanished=80 players=1500 closed=1")))
                .containsEntry("ours", 4_000.0)
                .containsEntry("rival", 20_000.0)
                .containsEntry("closed", 1)
                .containsEntry("vanished", 80)
                .extractingByKey("said")
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(2);
    }

    @Test
    void programThatEndsOtherwiseIsAFault() {
        assertThatThrownBy(() -> bench.figures(List.of("FAILED: step 3")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("FAILED: step 3");
    }

    @Test
    void sizesThatAreNotGivenStay() {
        assertThat(bench.sized(Map.of("hosts", 10))).isEqualTo(new StormBench(10, 1_500));
        assertThatThrownBy(() -> new FailoverBench().sized(Map.of("hosts", 10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--hosts");
    }
}
