package io.p2phost.assignment.config;

import static io.p2phost.assignment.config.ConfFile.CLIENT;
import static io.p2phost.assignment.config.ConfFile.HOST_NODE;
import static io.p2phost.assignment.config.ConfFile.MAP_CONFIG;
import static io.p2phost.assignment.config.ConfFile.P2P;
import static io.p2phost.assignment.config.ConfFile.SETTINGS;

import io.p2phost.assignment.config.SettingRule.Place;
import java.util.ArrayList;
import java.util.List;

/** Every setting of the seeds' files. Where two files set one limit, the place named first wins. */
final class SettingRules {
    static final String LATER = "Kept and checked; no effect yet.";

    private static final ValueRule SWITCH = new ValueRule.Switch();
    private static final ValueRule PORT = new ValueRule.Whole(1, 65535, "");
    private static final ValueRule PERCENT = new ValueRule.Whole(1, 100, "percent");
    private static final ValueRule SECONDS = new ValueRule.Whole(1, 86_400, "seconds");
    private static final ValueRule WEIGHT = new ValueRule.Decimal(0, 1000, "");

    static final List<SettingRule> ALL = all();

    private SettingRules() {}

    private static List<SettingRule> all() {
        List<SettingRule> rules = new ArrayList<>();
        general(rules);
        requirements(rules);
        distribution(rules);
        network(rules);
        hostNode(rules);
        client(rules);
        return List.copyOf(rules);
    }

    private static void general(List<SettingRule> rules) {
        rules.add(rule(
                "enable",
                SWITCH,
                "true",
                "",
                "Off: every player goes to the VPS (P2P_DISABLED).",
                at(MAP_CONFIG, "enable_p2p"),
                at(SETTINGS, "p2p_settings.enable")));
        rules.add(rule(
                "security_level",
                new ValueRule.Word(List.of("low", "medium", "high")),
                "high",
                "",
                LATER,
                at(SETTINGS, "p2p_settings.security_level")));
    }

    private static void requirements(List<SettingRule> rules) {
        rules.add(rule(
                "cpu_min_ghz",
                new ValueRule.Decimal(0, 10, "GHz"),
                "3.0",
                "GHz",
                "Tier 1: least clock rate of a host.",
                at(MAP_CONFIG, "cpu_min_ghz")));
        rules.add(rule(
                "cpu_min_cores",
                new ValueRule.Whole(1, 1024, "cores"),
                "4",
                "cores",
                "Tier 1: least number of cores.",
                at(MAP_CONFIG, "cpu_min_cores"),
                at(SETTINGS, "p2p_settings.host_requirements.min_cpu_cores")));
        rules.add(rule(
                "ram_min_gb",
                new ValueRule.Decimal(0, 4096, "GB"),
                "8",
                "GB",
                "Tier 1: least memory.",
                at(MAP_CONFIG, "ram_min_gb"),
                at(SETTINGS, "p2p_settings.host_requirements.min_memory_gb")));
        rules.add(rule(
                "network_min_mbps",
                new ValueRule.Decimal(0, 100_000, "Mbps"),
                "100",
                "Mbps",
                "Tier 1: least bandwidth.",
                at(MAP_CONFIG, "network_min_mbps"),
                at(SETTINGS, "p2p_settings.host_requirements.min_bandwidth_mbps")));
        rules.add(rule(
                "max_latency_ms",
                new ValueRule.Whole(1, 10_000, "milliseconds"),
                "100",
                "ms",
                "A host slower than this is given no map.",
                at(MAP_CONFIG, "max_latency_ms")));
        rules.add(rule(
                "min_uptime_percent",
                new ValueRule.Whole(0, 100, "percent"),
                "95",
                "percent",
                LATER,
                at(SETTINGS, "p2p_settings.host_requirements.min_uptime_percent")));
        tier(rules, 2, "3.5", "6", "16", "200");
        tier(rules, 3, "4.0", "8", "32", "1000");
    }

    private static void tier(List<SettingRule> rules, int n, String ghz, String cores, String ram, String mbps) {
        String tier = "tier_" + n + ".";
        String effect = "Tier " + n + "; at least the tier below's.";
        rules.add(rule(
                tier + "cpu_min_ghz",
                new ValueRule.Decimal(0, 10, "GHz"),
                ghz,
                "GHz",
                effect,
                at(MAP_CONFIG, tier + "cpu_min_ghz")));
        rules.add(rule(
                tier + "cpu_min_cores",
                new ValueRule.Whole(1, 1024, "cores"),
                cores,
                "cores",
                effect,
                at(MAP_CONFIG, tier + "cpu_min_cores")));
        rules.add(rule(
                tier + "ram_min_gb",
                new ValueRule.Decimal(0, 4096, "GB"),
                ram,
                "GB",
                effect,
                at(MAP_CONFIG, tier + "ram_min_gb")));
        rules.add(rule(
                tier + "network_min_mbps",
                new ValueRule.Decimal(0, 100_000, "Mbps"),
                mbps,
                "Mbps",
                effect,
                at(MAP_CONFIG, tier + "network_min_mbps")));
    }

    private static void distribution(List<SettingRule> rules) {
        rules.add(rule(
                "max_maps_per_host",
                new ValueRule.Whole(1, 1000, "maps"),
                "5",
                "maps",
                "Most maps on one host at once; the host's own max_maps may be lower.",
                at(MAP_CONFIG, "max_maps_per_host")));
        rules.add(rule(
                "min_hosts",
                new ValueRule.Whole(0, 10_000, "hosts"),
                "1",
                "hosts",
                "With fewer hosts Ready no map is given out (NO_HOST).",
                at(MAP_CONFIG, "min_hosts")));
        rules.add(rule(
                "load_check_interval",
                SECONDS,
                "60",
                "s",
                "How often maps that players are on, or entered lately, are offered to hosts again (auto_distribute).",
                at(MAP_CONFIG, "load_check_interval"),
                at(SETTINGS, "p2p_settings.map_settings.check_interval")));
        rules.add(rule("host_check_interval", SECONDS, "60", "s", LATER, at(MAP_CONFIG, "host_check_interval")));
        rules.add(rule(
                "min_replication",
                new ValueRule.Whole(0, 10, "hosts"),
                "2",
                "hosts",
                "2 or more: each hosted map has a standby on another host; 0 or 1: none. More than one standby is not kept.",
                at(MAP_CONFIG, "replication_factor"),
                at(SETTINGS, "p2p_settings.map_settings.min_replication")));
        rules.add(rule(
                "auto_distribute",
                SWITCH,
                "true",
                "",
                "On: a map on the VPS that players are on, or entered lately, is given to a host without waiting for the next entry.",
                at(SETTINGS, "p2p_settings.map_settings.auto_distribute")));
        rules.add(rule(
                "failover_timeout",
                new ValueRule.Whole(1, 3600, "seconds"),
                "30",
                "s",
                "Longest time a map waits for its new host to be ready (at most 10 s are waited in any case).",
                at(SETTINGS, "p2p_settings.map_settings.failover_timeout")));
        for (String term :
                List.of("capability:4", "free_capacity:6", "latency:1", "loss:11", "stability:4", "region:4")) {
            String name = "score_weights." + term.substring(0, term.indexOf(':'));
            rules.add(rule(
                    name,
                    WEIGHT,
                    term.substring(term.indexOf(':') + 1),
                    "",
                    "Weight of this term in a host's score.",
                    at(MAP_CONFIG, name)));
        }
    }

    private static void network(List<SettingRule> rules) {
        rules.add(rule(
                "port_range",
                new ValueRule.PortRange(),
                "7000-7999",
                "",
                "Kept and checked; the relay's own properties choose its ports.",
                at(SETTINGS, "p2p_settings.network.port_range")));
        rules.add(rule(
                "max_connections",
                new ValueRule.Whole(1, 1_000_000, "connections"),
                "1000",
                "connections",
                LATER,
                at(SETTINGS, "p2p_settings.network.max_connections"),
                at(P2P, "coordinator.max_connections")));
        rules.add(rule(
                "encryption",
                new ValueRule.AlwaysOn("tunnels and char links are always encrypted"),
                "true",
                "",
                "Always on.",
                at(SETTINGS, "p2p_settings.network.encryption"),
                at(P2P, "security.encryption_enabled")));
        rules.add(rule("compression", SWITCH, "true", "", LATER, at(SETTINGS, "p2p_settings.network.compression")));
        rules.add(rule(
                "coordinator.port",
                PORT,
                "5121",
                "",
                "Accepted; nothing listens there, because 5121 is rAthena's own map-server port.",
                at(P2P, "coordinator.port")));
        rules.add(rule(
                "coordinator.db_proxy_port",
                PORT,
                "5122",
                "",
                "Kept and checked; db-proxy's own property chooses its port (5122 by default).",
                at(P2P, "coordinator.db_proxy_port")));
        rules.add(rule(
                "security.key_rotation_interval",
                new ValueRule.Whole(60, 86_400, "seconds"),
                "3600",
                "s",
                LATER,
                at(P2P, "security.key_rotation_interval")));
        rules.add(rule(
                "monitoring.metrics_interval",
                new ValueRule.Whole(100, 3_600_000, "milliseconds"),
                "5000",
                "ms",
                LATER,
                at(P2P, "monitoring.metrics_interval")));
        rules.add(rule("monitoring.alert_enabled", SWITCH, "true", "", LATER, at(P2P, "monitoring.alert_enabled")));
    }

    private static void hostNode(List<SettingRule> rules) {
        rules.add(rule(
                "node.max_maps",
                new ValueRule.Whole(1, 1000, "maps"),
                "5",
                "maps",
                "A host's own wish; the agent reads it from the host's copy of the file.",
                at(HOST_NODE, "node.max_maps")));
        rules.add(rule(
                "node.max_players",
                new ValueRule.Whole(1, 100_000, "players"),
                "100",
                "players",
                LATER,
                at(HOST_NODE, "node.max_players")));
        rules.add(rule(
                "node.update_interval",
                new ValueRule.Whole(1, 60_000, "milliseconds"),
                "50",
                "ms",
                LATER,
                at(HOST_NODE, "node.update_interval")));
        for (String load : List.of("cpu_limit:80", "memory_limit:85", "network_limit:100")) {
            String name = "resources." + load.substring(0, load.indexOf(':'));
            rules.add(rule(
                    name,
                    PERCENT,
                    load.substring(load.indexOf(':') + 1),
                    "percent",
                    "A host loaded above this is given no further map.",
                    at(HOST_NODE, name)));
        }
    }

    private static void client(List<SettingRule> rules) {
        String effect = "The client's own; kept and checked here.";
        client(rules, "p2p_network.maxretries", new ValueRule.Whole(0, 100, "retries"), "3", "", effect);
        client(rules, "p2p_network.reconnectdelay", new ValueRule.Whole(0, 600_000, "ms"), "1000", "ms", effect);
        client(rules, "p2p_network.timeoutms", new ValueRule.Whole(1, 600_000, "ms"), "5000", "ms", effect);
        client(rules, "p2p_network.updateintervalms", new ValueRule.Whole(1, 60_000, "ms"), "50", "ms", effect);
        client(rules, "p2p_network.maxlatencyms", new ValueRule.Whole(1, 10_000, "ms"), "200", "ms", effect);
        client(rules, "p2p_network.packetbatchsize", new ValueRule.Whole(1, 65_535, ""), "32", "", effect);
        client(rules, "p2p_network.enableencryption", SWITCH, "true", "", effect);
        client(rules, "p2p_network.keyrotationinterval", SECONDS, "3600", "s", effect);
        client(
                rules,
                "p2p_security.encryptionalgorithm",
                new ValueRule.Word(List.of("AES-256-GCM")),
                "AES-256-GCM",
                "",
                effect);
        client(rules, "p2p_security.enablecompression", SWITCH, "true", "", effect);
        client(
                rules,
                "p2p_security.compressionthreshold",
                new ValueRule.Whole(0, 1_048_576, "bytes"),
                "1024",
                "bytes",
                effect);
        client(rules, "p2p_security.tokenvalidityseconds", SECONDS, "3600", "s", effect);
        client(rules, "p2p_security.requirecertificates", SWITCH, "true", "", effect);
    }

    private static void client(
            List<SettingRule> rules, String key, ValueRule rule, String defaultValue, String unit, String effect) {
        rules.add(rule(key, rule, defaultValue, unit, effect, at(CLIENT, key)));
    }

    private static SettingRule rule(
            String name, ValueRule rule, String defaultValue, String unit, String effect, Place... places) {
        return new SettingRule(name, rule, defaultValue, unit, List.of(places), effect);
    }

    private static Place at(ConfFile file, String key) {
        return new Place(file, key);
    }
}
