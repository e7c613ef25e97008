package io.p2phost.assignment.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.Seeds;
import io.p2phost.assignment.conf.ConfFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigReaderTest {
    @Test
    void packagedFilesAreTheSeedsBlocksWordForWord() {
        Map<String, String> packaged = FirstFiles.packaged();
        assertThat(packaged)
                .containsEntry("p2p_map_eligibility.conf", Seeds.block(0, "ini", 0))
                .containsEntry("p2p_map_config.conf", Seeds.block(0, "ini", 1))
                .containsEntry("p2p_settings.conf", Seeds.block(3, "conf", 0))
                .containsEntry("p2p.conf", Seeds.block(2, "yaml", 0))
                .containsEntry("host_node.conf", Seeds.block(2, "yaml", 1))
                .containsEntry("DATA.INI", Seeds.block(4, "ini", 0) + "\n" + Seeds.block(4, "ini", 1));
    }

    @Test
    void packagedFilesHaveNoFaultsAndGiveTheSeedsNumbers() {
        EffectiveConfig config = accepted(FirstFiles.packaged());
        assertThat(config.enabled()).isTrue();
        assertThat(config.maxLatencyMs()).isEqualTo(100);
        assertThat(config.maxMapsPerHost()).isEqualTo(5);
        assertThat(config.autoDistribute()).isTrue();
        assertThat(config.loadCheckInterval()).hasSeconds(60);
        assertThat(config.failoverTimeout()).hasSeconds(30);
        assertThat(config.loadLimits()).isEqualTo(new LoadLimits(80, 85, 100));
        assertThat(config.weights()).isEqualTo(ScoreWeights.DEFAULT);
        assertThat(config.tiers())
                .containsExactly(
                        new TierRequirement(1, 3.0, 4, 8, 100),
                        new TierRequirement(2, 3.5, 6, 16, 200),
                        new TierRequirement(3, 4.0, 8, 32, 1000));
        assertThat(config.relayServers())
                .containsEntry("eu", "eu-relay.example.com")
                .hasSize(3);
        assertThat(config.warnings())
                .containsExactlyInAnyOrder(
                        "p2p_map_eligibility.conf:9: guild_castle: 12 characters (expected: at most 11 and no #): no"
                                + " map-server can announce it, so it stays on the VPS",
                        "p2p_map_eligibility.conf:10: custom_event: 12 characters (expected: at most 11 and no #): no"
                                + " map-server can announce it, so it stays on the VPS",
                        "p2p_map_categories.conf:56: morocc_fild12: 13 characters (expected: at most 11 and no #): no"
                                + " map-server can announce it, so it stays on the VPS",
                        "p2p_map_categories.conf:66: custom_housing: 14 characters (expected: at most 11 and no #): no"
                                + " map-server can announce it, so it stays on the VPS",
                        "p2p_map_categories.conf:81: job_quest_room: 14 characters (expected: at most 11 and no #): no"
                                + " map-server can announce it, so it stays on the VPS",
                        "p2p.conf:3: coordinator.port: 5121 is accepted, but nothing listens there: it is rAthena's own"
                                + " map-server port");
    }

    @Test
    void whereTwoFilesSetOneLimitTheStrongerWinsAndTheLoserIsShown() {
        EffectiveSetting network = setting(accepted(FirstFiles.packaged()), "network_min_mbps");
        assertThat(network.value()).isEqualTo("100");
        assertThat(network.source()).isEqualTo("p2p_map_config.conf:5");
        assertThat(network.losers()).containsExactly(new EffectiveSetting.Loser("10", "p2p_settings.conf:8"));
        EffectiveSetting connections = setting(accepted(FirstFiles.packaged()), "max_connections");
        assertThat(connections.source()).isEqualTo("p2p_settings.conf:21");
        assertThat(connections.losers()).containsExactly(new EffectiveSetting.Loser("1000", "p2p.conf:5"));
    }

    @Test
    void weakerFileCountsWhereTheStrongerIsSilent() {
        Map<String, String> files = FirstFiles.packaged();
        files.put("p2p_map_config.conf", "cpu_min_ghz: 3.0\n");
        EffectiveSetting network = setting(accepted(files), "network_min_mbps");
        assertThat(network.value()).isEqualTo("10");
        assertThat(network.source()).isEqualTo("p2p_settings.conf:8");
    }

    @Test
    void withinAFileTheLastValueWins() {
        Map<String, String> files = FirstFiles.packaged();
        files.put("p2p_map_config.conf", "max_maps_per_host: 2\nmax_maps_per_host: 7\n");
        EffectiveSetting maps = setting(accepted(files), "max_maps_per_host");
        assertThat(maps.value()).isEqualTo("7");
        assertThat(maps.losers()).containsExactly(new EffectiveSetting.Loser("2", "p2p_map_config.conf:1"));
    }

    @Test
    void importedFileCounts() {
        Map<String, String> files = FirstFiles.packaged();
        files.put("p2p_map_config.conf", "import: mine.conf\n");
        files.put("mine.conf", "max_maps_per_host: 9\n");
        assertThat(setting(accepted(files), "max_maps_per_host").source()).isEqualTo("mine.conf:1");
    }

    @Test
    void defaultsOfHigherTiersRiseWithTheLowerOnes() {
        Map<String, String> files = FirstFiles.packaged();
        files.put("p2p_map_config.conf", "ram_min_gb: 24\n");
        EffectiveConfig config = accepted(files);
        assertThat(config.tier(2).ramGb()).isEqualTo(24);
        assertThat(config.tier(3).ramGb()).isEqualTo(32);
        EffectiveSetting ram = setting(config, "tier_2.ram_min_gb");
        assertThat(ram.source()).isEqualTo("the tier below's");
        assertThat(ram.losers()).containsExactly(new EffectiveSetting.Loser("16", "default"));
    }

    @Test
    void requirementMayBeLoweredToWhatAnyMachineHas() {
        Map<String, String> files = FirstFiles.packaged();
        files.put("p2p_map_config.conf", "cpu_min_ghz: 0\ncpu_min_cores: 1\nram_min_gb: 0.5\nnetwork_min_mbps: 0\n");
        assertThat(accepted(files).tier(1)).isEqualTo(new TierRequirement(1, 0, 1, 0.5, 0));
    }

    static List<Arguments> faults() {
        List<Arguments> faults = new ArrayList<>();
        String config = "p2p_map_config.conf";
        fault(faults, config, "cpu_min_ghz: fast", "1: cpu_min_ghz: fast (expected: a number, 0 to 10 GHz)");
        fault(faults, config, "cpu_min_ghz: -1", "1: cpu_min_ghz: -1 (expected: a number, 0 to 10 GHz)");
        fault(faults, config, "cpu_min_ghz: 3,5", "1: cpu_min_ghz: 3,5 (expected: a number, 0 to 10 GHz)");
        fault(faults, config, "\ncpu_min_cores: 0", "2: cpu_min_cores: 0 (expected: a whole number, 1 to 1024 cores)");
        fault(
                faults,
                config,
                "cpu_min_cores: 4.5",
                "1: cpu_min_cores: 4.5 (expected: a whole number, 1 to 1024 cores)");
        fault(faults, config, "ram_min_gb: 1e3", "1: ram_min_gb: 1e3 (expected: a number, 0 to 4096 GB)");
        fault(
                faults,
                config,
                "max_latency_ms: 0",
                "1: max_latency_ms: 0 (expected: a whole number, 1 to 10000 milliseconds)");
        fault(
                faults,
                config,
                "max_maps_per_host: 99999999999999",
                "1: max_maps_per_host: 99999999999999 (expected: a whole number, 1 to 1000 maps)");
        fault(faults, config, "max_maps_per_host:", "1: max_maps_per_host: (expected: a value)");
        fault(faults, config, "cpu_min_gz: 3", "1: cpu_min_gz: 3 (expected: a known key, perhaps cpu_min_ghz)");
        fault(faults, config, "entirely_different: 3", "1: entirely_different: 3 (expected: a key this file knows)");
        fault(faults, config, "cpu_min_ghz 3.0", "1: cpu_min_ghz 3.0 (expected: key: value)");
        fault(faults, config, ": 3.0", "1: : 3.0 (expected: a key of letters, digits and _ @ # . - before the colon)");
        fault(faults, config, "}", "1: } (expected: a block opened with key: { before)");
        fault(
                faults,
                config,
                "relay_servers: {\n EU: a\n",
                "1: relay_servers: { (expected: a closing } before the end of the file)");
        fault(
                faults,
                config,
                "relay_servers: {\n EU: \"no such host\"\n}",
                "2: eu: no such host (expected: a host name or address, with :port or without)");
        fault(faults, config, "relay_servers: {\n EU: \"a\n}", "2: EU: \"a (expected: a closing quote at the end)");
        fault(faults, config, "relay_servers: {\n eu\n}", "2: eu (expected: key: value)");
        fault(
                faults,
                config,
                "relay_servers: { EU: a }",
                "1: relay_servers: { EU: a } (expected: one key: value a line inside a block)");
        fault(
                faults,
                config,
                "relay_server: {\n EU: a\n}",
                "1: relay_server: { (expected: a known block, perhaps relay_servers)");
        fault(
                faults,
                config,
                "tier_2: {\n cpu_min_cores: 2\n}",
                "2: cpu_min_cores: 2 (expected: at least 4, the tier below's)");
        fault(faults, config, "import: nowhere.conf", "1: import: nowhere.conf (expected: a file that exists)");
        fault(
                faults,
                config,
                "import: ../secrets",
                "1: import: ../secrets (expected: the name of a file in the same folder)");
        fault(
                faults,
                config,
                "import: p2p_map_config.conf",
                "1: import: p2p_map_config.conf (expected: a file that does not import itself)");
        fault(faults, config, "x".repeat(1100), "1: a line of 1100 characters (expected: at most 1023)");
        fault(faults, config, "score_weights: {\n loss: -1\n}", "2: loss: -1 (expected: a number, 0 to 1000)");
        fault(
                faults,
                config,
                "score_weights: {\ncapability: 0\nfree_capacity: 0\nlatency: 0\nloss: 0\nstability: 0\nregion: 0\n}",
                "7: region: 0 (expected: at least one weight above 0)");
        fault(
                faults,
                config,
                "enable_p2p: maybe",
                "1: enable_p2p: maybe (expected: yes, on, true or 1; no, off, false or 0)");
        String settings = "p2p_settings.conf";
        fault(
                faults,
                settings,
                "p2p_settings: {\n security_level: paranoid\n}",
                "2: security_level: paranoid (expected: one of low, medium, high)");
        fault(
                faults,
                settings,
                "p2p_settings: {\n network: {\n port_range: 7999-7000\n}\n}",
                "3: port_range: 7999-7000 (expected: two ports from 1 to 65535, the lower one first, such as 7000-7999)");
        fault(
                faults,
                settings,
                "p2p_settings: {\n network: {\n encryption: false\n}\n}",
                "3: encryption: false (expected: true; tunnels and char links are always encrypted)");
        fault(faults, settings, "enable: true", "1: enable: true (expected: a key this file knows)");
        String maps = "p2p_map_eligibility.conf";
        fault(
                faults,
                maps,
                "prontera: 4",
                "1: prontera: 4 (expected: a whole number, 0 to 3: the least tier of a host)");
        fault(
                faults,
                maps,
                "a_name_that_is_far_too_long: 1",
                "1: a_name_that_is_far_too_long: 1 (expected: a map's name, 1 to 24 of a-z 0-9 _ @ # -)");
        fault(
                faults,
                maps,
                "restricted_maps: {\n pro.ntera\n}",
                "2: pro.ntera (expected: a map's name, 1 to 24 of a-z 0-9 _ @ # -)");
        fault(faults, maps, "restricted_maps: {\n prontera: 1\n}", "2: prontera: 1 (expected: a map's name alone)");
        fault(
                faults,
                maps,
                "forbidden_maps: {\n prontera\n}",
                "1: forbidden_maps: { (expected: map: 0 to 3, or restricted_maps: { … })");
        String kinds = "p2p_map_categories.conf";
        fault(faults, kinds, "fields: {\n maps: {\n x*\n}\n}", "1: fields: { (expected: tier: 1 to 3 inside)");
        fault(
                faults,
                kinds,
                "fields: {\n tier: 1\n}",
                "1: fields: { (expected: maps: { … } with at least one name or pattern inside)");
        fault(
                faults,
                kinds,
                "fields: {\n tier: 0\n maps: { x }\n}",
                "2: tier: 0 (expected: a whole number, 1 to 3: the least tier of a host)");
        fault(
                faults,
                kinds,
                "fields: {\n tier: 1\n maps: { UPPER }\n}",
                "3: UPPER (expected: a map's name or pattern, 1 to 24 of a-z 0-9 _ @ # - * ?)");
        fault(faults, kinds, "tier: 1", "1: tier: 1 (expected: category: { tier: 1 to 3 and maps: { … } })");
        fault(
                faults,
                kinds,
                "fields: {\n tier: 1\n maps: { x }\n but: { y }\n}",
                "4: but: { (expected: maps: { … } or except: { … })");
        fault(faults, "p2p.conf", "coordinator:\n\tport: 1", "2: port: 1 (expected: spaces, not tabs, before the key)");
        fault(
                faults,
                "p2p.conf",
                "coordinator:\n    port: 5121\n  db_proxy_port: 5122",
                "3: db_proxy_port: 5122 (expected: the indentation of a line above)");
        fault(
                faults,
                "p2p.conf",
                "coordinator:\n  port: 70000",
                "2: port: 70000 (expected: a whole number, 1 to 65535)");
        fault(faults, "p2p.conf", "coordinator:\n  port: [1]", "2: port: [1] (expected: a plain value)");
        fault(
                faults,
                "p2p.conf",
                "security:\n  encryption_enabled: no",
                "2: encryption_enabled: no (expected: true; tunnels and char links are always encrypted)");
        fault(faults, "p2p.conf", "monitoring:", "1: monitoring: (expected: a value or an indented block)");
        fault(
                faults,
                "host_node.conf",
                "resources:\n  cpu_limit: 101",
                "2: cpu_limit: 101 (expected: a whole number, 1 to 100 percent)");
        fault(faults, "host_node.conf", "- item", "1: - item (expected: a plain word in a list below a key)");
        fault(faults, "DATA.INI", "MaxRetries=3", "1: MaxRetries=3 (expected: a [SECTION] before the first key)");
        fault(faults, "DATA.INI", "[P2P_NETWORK\nMaxRetries=3", "1: [P2P_NETWORK (expected: [SECTION])");
        fault(
                faults,
                "DATA.INI",
                "[P2P_SECURITY]\nEncryptionAlgorithm=ROT13",
                "2: encryptionalgorithm: ROT13 (expected: one of AES-256-GCM)");
        fault(faults, "DATA.INI", "[P2P_NETWORK]\nMaxRetries", "2: MaxRetries (expected: key=value)");
        return faults;
    }

    private static void fault(List<Arguments> faults, String file, String text, String message) {
        faults.add(Arguments.of(file, text, file + ":" + message));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultNamesFileLineValueAndExpectation(String file, String text, String message) {
        Map<String, String> files = FirstFiles.packaged();
        files.put(file, text);
        assertThat(refused(files)).extracting(ConfFault::message).contains(message);
    }

    @Test
    void allFaultsOfAllFilesAreReportedAtOnceInOrder() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("p2p_settings.conf", "p2p_settings: {\n enable: perhaps\n}");
        files.put("p2p_map_config.conf", "cpu_min_cores: none\n\nram_min_gb: much\nram: 1");
        files.put("p2p.conf", "coordinator:\n  port: none");
        assertThat(refused(files))
                .extracting(ConfFault::message)
                .containsExactly(
                        "p2p.conf:2: port: none (expected: a whole number, 1 to 65535)",
                        "p2p_map_config.conf:1: cpu_min_cores: none (expected: a whole number, 1 to 1024 cores)",
                        "p2p_map_config.conf:3: ram_min_gb: much (expected: a number, 0 to 4096 GB)",
                        "p2p_map_config.conf:4: ram: 1 (expected: a key this file knows)",
                        "p2p_settings.conf:2: enable: perhaps (expected: yes, on, true or 1; no, off, false or 0)");
    }

    @Test
    void faultOfALoserCountsToo() {
        Map<String, String> files = FirstFiles.packaged();
        files.put("p2p_settings.conf", "p2p_settings: {\n host_requirements: {\n min_bandwidth_mbps: slow\n}\n}");
        assertThat(refused(files))
                .extracting(ConfFault::message)
                .containsExactly(
                        "p2p_settings.conf:3: min_bandwidth_mbps: slow (expected: a number, 0 to 100000 Mbps)");
    }

    @Test
    void withoutAnyFileEverySettingHasItsDefault() {
        EffectiveConfig config = accepted(new HashMap<>());
        assertThat(config.settings()).allMatch(setting -> setting.source().equals("default"));
        assertThat(config.weights()).isEqualTo(ScoreWeights.DEFAULT);
    }

    private static EffectiveConfig accepted(Map<String, String> files) {
        Reading reading = ConfigReader.read(files);
        assertThat(reading).isInstanceOf(Reading.Accepted.class);
        return ((Reading.Accepted) reading).config();
    }

    private static List<ConfFault> refused(Map<String, String> files) {
        Reading reading = ConfigReader.read(files);
        assertThat(reading).isInstanceOf(Reading.Refused.class);
        return ((Reading.Refused) reading).faults();
    }

    private static EffectiveSetting setting(EffectiveConfig config, String name) {
        return config.settings().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
