package io.p2phost.assignment.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfReaderTest {
    @Test
    void seedsEligibilityBlockReadsVerbatim() {
        assertThat(values(read(Seeds.block(0, "ini", 0))))
                .containsExactly(
                        "prontera=0",
                        "p2p_test=1",
                        "guild_castle=2",
                        "custom_event=3",
                        "restricted_maps{",
                        "restricted_maps[prontera",
                        "restricted_maps[alberta",
                        "restricted_maps[payon");
    }

    @Test
    void seedsMapConfigBlockReadsVerbatim() {
        assertThat(values(read(Seeds.block(0, "ini", 1))))
                .containsExactly(
                        "cpu_min_ghz=3.0",
                        "cpu_min_cores=4",
                        "ram_min_gb=8",
                        "network_min_mbps=100",
                        "max_latency_ms=100",
                        "relay_servers{",
                        "relay_servers.na=na-relay.example.com",
                        "relay_servers.eu=eu-relay.example.com",
                        "relay_servers.asia=asia-relay.example.com",
                        "max_maps_per_host=5",
                        "load_check_interval=60");
    }

    @Test
    void seedsNestedSettingsBlockReadsVerbatim() {
        assertThat(values(read(Seeds.block(3, "conf", 0))))
                .contains(
                        "p2p_settings.enable=true",
                        "p2p_settings.host_requirements.min_bandwidth_mbps=10",
                        "p2p_settings.map_settings.failover_timeout=30",
                        "p2p_settings.network.port_range=7000-7999")
                .hasSize(18);
    }

    @Test
    void seedsYamlBlocksReadVerbatim() {
        assertThat(values(read(ConfSyntax.YAML, Seeds.block(2, "yaml", 0))))
                .containsExactly(
                        "coordinator{",
                        "coordinator.port=5121",
                        "coordinator.db_proxy_port=5122",
                        "coordinator.max_connections=1000",
                        "security{",
                        "security.encryption_enabled=true",
                        "security.key_rotation_interval=3600",
                        "monitoring{",
                        "monitoring.metrics_interval=5000",
                        "monitoring.alert_enabled=true");
        assertThat(values(read(ConfSyntax.YAML, Seeds.block(2, "yaml", 1)))).contains("resources.network_limit=100");
    }

    @Test
    void seedsClientBlocksReadVerbatim() {
        assertThat(values(read(ConfSyntax.INI, Seeds.block(4, "ini", 0))))
                .contains("p2p_network{", "p2p_network.maxlatencyms=200", "p2p_network.enableencryption=1")
                .hasSize(9);
        assertThat(values(read(ConfSyntax.INI, Seeds.block(4, "ini", 1))))
                .contains("p2p_security.encryptionalgorithm=AES-256-GCM");
    }

    @Test
    void rathenaRulesForKeysCommentsAndQuotes() {
        ConfDocument document = read("\uFEFF  // a comment\r\nMax_Latency_MS :\t 50  // late\r\nname: \"a // b\"\r\n");
        assertThat(document.faults()).isEmpty();
        assertThat(values(document)).containsExactly("max_latency_ms=50", "name=a // b");
        assertThat(document.entries().getFirst().line()).isEqualTo(2);
    }

    @Test
    void braceMayStandOnTheNextLineAndListsOnOneLine() {
        assertThat(values(read("a:\n{\n x: 1\n}\nmaps: { one, two three }\nb: { four\nfive }\n")))
                .containsExactly(
                        "a{", "a.x=1", "maps{", "maps[one", "maps[two", "maps[three", "b{", "b[four", "b[five");
    }

    @Test
    void importIsReadInPlaceUnderItsOwnName() {
        Map<String, String> files = new HashMap<>();
        files.put("more.conf", "cpu_min_cores: 2\nram_min_gb: x y");
        ConfDocument document = ConfReader.read(
                "p2p_map_config.conf",
                ConfSyntax.RATHENA,
                "cpu_min_ghz: 1\nimport: more.conf\nmax_maps_per_host: 3",
                files::get);
        assertThat(document.entries())
                .extracting(ConfEntry::source)
                .containsExactly("p2p_map_config.conf:1", "more.conf:1", "more.conf:2", "p2p_map_config.conf:3");
    }

    @Test
    void importsInACircleAreAFault() {
        Map<String, String> files = Map.of("a.conf", "import: b.conf", "b.conf", "import: a.conf");
        ConfDocument document =
                ConfReader.read("a.conf", ConfSyntax.RATHENA, files.getOrDefault("a.conf", ""), files::get);
        assertThat(document.faults())
                .extracting(ConfFault::message)
                .containsExactly("b.conf:1: import: a.conf (expected: a file that does not import itself)");
    }

    @Test
    void importsDeeperThanTheBoundAreAFault() {
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            files.put("f" + i + ".conf", "import: f" + (i + 1) + ".conf");
        }
        ConfDocument document = ConfReader.read("start.conf", ConfSyntax.RATHENA, "import: f0.conf", files::get);
        assertThat(document.faults())
                .extracting(ConfFault::message)
                .containsExactly("f6.conf:1: import: f7.conf (expected: at most 8 files deep)");
    }

    @Test
    void faultsAreBounded() {
        assertThat(read("nonsense\n".repeat(5_000)).faults()).hasSize(ConfReader.MAX_FAULTS);
        assertThat(read("a: 1\n".repeat(100_000)).faults())
                .extracting(ConfFault::message)
                .containsExactly("test.conf:0: 500000 characters (expected: at most 262144)");
    }

    @Test
    void controlCharactersAreNotRepeatedInMessages() {
        assertThat(read("non\u0007sense").faults().getFirst().message())
                .isEqualTo("test.conf:1: non?sense (expected: key: value)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n\n", "// only a comment", "{", "}", "::::", "a:{b:{c:{", "\"", "a: \"", "import:", "\0"})
    void anyTextIsReadWithoutAnException(String text) {
        for (ConfSyntax syntax : ConfSyntax.values()) {
            assertThat(read(syntax, text)).isNotNull();
        }
    }

    private static ConfDocument read(String text) {
        return read(ConfSyntax.RATHENA, text);
    }

    private static ConfDocument read(ConfSyntax syntax, String text) {
        return ConfReader.read("test.conf", syntax, text, ConfSource.NONE);
    }

    // Settings as path=value, blocks as path{, items as path[item.
    private static List<String> values(ConfDocument document) {
        assertThat(document.faults()).isEmpty();
        return document.entries().stream()
                .map(entry -> switch (entry.kind()) {
                    case SETTING -> entry.dotted() + "=" + entry.value();
                    case BLOCK -> entry.dotted() + "{";
                    case ITEM -> entry.dotted() + "[" + entry.value();
                })
                .toList();
    }
}
