package io.p2phost.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Json;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MinimumTest {
    private static final String SEED = """
            // Host Requirements
            cpu_min_ghz: 3.0
            cpu_min_cores: 4
            ram_min_gb: 8      // plenty
            network_min_mbps: 100
            max_latency_ms: 100
            """;

    private static final Map<String, BigDecimal> IN_FORCE = Map.of(
            "cpu_min_ghz", new BigDecimal("3.0"),
            "cpu_min_cores", new BigDecimal("4"),
            "ram_min_gb", new BigDecimal("8"),
            "network_min_mbps", new BigDecimal("100"));

    private static JsonNode machine(double ghz, int cores, double ram, double mbps) {
        return Json.mapper().valueToTree(Map.of("cpuGhz", ghz, "cpuCores", cores, "ramGb", ram, "networkMbps", mbps));
    }

    @Test
    void onlyWhatTheMachineLacksIsLoweredAndNeverAboveWhatItHas() {
        Minimum.Lowered lowered = Minimum.lower(SEED, machine(2.25, 2, 25.2, 0), IN_FORCE);
        assertThat(lowered.text()).isEqualTo("""
                        // Host Requirements
                        cpu_min_ghz: 2.2
                        cpu_min_cores: 2
                        ram_min_gb: 8      // plenty
                        network_min_mbps: 0
                        max_latency_ms: 100
                        """);
        assertThat(lowered.changes())
                .containsExactly("cpu_min_cores: 4 -> 2", "cpu_min_ghz: 3.0 -> 2.2", "network_min_mbps: 100 -> 0");
    }

    @Test
    void strongMachineChangesNothing() {
        Minimum.Lowered lowered = Minimum.lower(SEED, machine(4.2, 8, 33.5, 1000), IN_FORCE);
        assertThat(lowered.text()).isEqualTo(SEED);
        assertThat(lowered.changes()).isEmpty();
    }

    @Test
    void requirementThatTheFileDoesNotNameIsAppended() {
        Minimum.Lowered lowered = Minimum.lower("max_latency_ms: 100", machine(4, 8, 4.1, 1000), IN_FORCE);
        assertThat(lowered.text()).isEqualTo("max_latency_ms: 100\nram_min_gb: 4.1\n");
    }

    @Test
    void wholeNumbersArePlain() {
        Map<String, BigDecimal> high = Map.of("ram_min_gb", new BigDecimal("512"));
        assertThat(Minimum.lower("ram_min_gb: 512\n", machine(4, 8, 100, 1000), high)
                        .text())
                .isEqualTo("ram_min_gb: 100\n");
    }

    @Test
    void valuesInForceAreReadFromTheSuitesAnswer() {
        JsonNode config = Json.mapper()
                .readTree(
                        "{\"settings\":[{\"name\":\"cpu_min_ghz\",\"value\":\"3.0\"},{\"name\":\"other\",\"value\":\"x\"}]}");
        assertThat(Minimum.inForce(config)).containsOnly(Map.entry("cpu_min_ghz", new BigDecimal("3.0")));
    }

    @Test
    void busyMachineMayHaveMapsWhereTheFileSaysHowBusy() {
        assertThat(Minimum.busy("resources:\n  cpu_limit: 80\n  memory_limit: 85\n"))
                .isEqualTo("resources:\n  cpu_limit: 100\n  memory_limit: 85\n");
        assertThat(Minimum.busy("node:\n  max_maps: 5\n")).isEqualTo("node:\n  max_maps: 5\n");
    }
}
