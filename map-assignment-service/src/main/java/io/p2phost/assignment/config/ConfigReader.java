package io.p2phost.assignment.config;

import io.p2phost.assignment.conf.ConfDocument;
import io.p2phost.assignment.conf.ConfEntry;
import io.p2phost.assignment.conf.ConfFault;
import io.p2phost.assignment.conf.ConfReader;
import io.p2phost.assignment.conf.ConfSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the texts of the files into one configuration, or into the list of everything that is wrong with them.
 * A file that is not there leaves its settings at their defaults.
 */
public final class ConfigReader {
    private static final String DEFAULT = "default";
    private static final String RELAY_SERVERS = "relay_servers";

    private final List<ConfFault> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<ConfFile, List<ConfEntry>> entries = new EnumMap<>(ConfFile.class);
    private final Map<String, EffectiveSetting> settings = new LinkedHashMap<>();
    private final Map<String, ConfEntry> winners = new HashMap<>();

    private ConfigReader() {}

    /** Reads files by name; texts under other names can only be imported by them. */
    public static Reading read(Map<String, String> texts) {
        return new ConfigReader().readAll(texts);
    }

    private Reading readAll(Map<String, String> texts) {
        ConfSource imports = texts::get;
        for (ConfFile file : ConfFile.values()) {
            String text = texts.get(file.fileName());
            if (text != null) {
                ConfDocument document = ConfReader.read(file.fileName(), file.syntax(), text, imports);
                faults.addAll(document.faults());
                entries.put(file, document.entries());
            }
        }
        SettingRules.ALL.forEach(this::settle);
        for (ConfFile file : ConfFile.values()) {
            if (file != ConfFile.ELIGIBILITY && file != ConfFile.CATEGORIES) {
                UnknownKeys.find(file, of(file), faults);
            }
        }
        MapRules maps = new MapRulesReader(of(ConfFile.ELIGIBILITY), of(ConfFile.CATEGORIES), faults, warnings).read();
        Map<String, String> relays = relayServers();
        List<TierRequirement> tiers = tiers();
        atLeastOneWeight();
        notices();
        if (!faults.isEmpty()) {
            faults.sort(Comparator.comparing(ConfFault::file).thenComparingInt(ConfFault::line));
            return new Reading.Refused(faults.stream().distinct().toList());
        }
        return new Reading.Accepted(config(maps, relays, tiers));
    }

    private List<ConfEntry> of(ConfFile file) {
        return entries.getOrDefault(file, List.of());
    }

    /** Finds the winner and the losers of one setting; every value must be fine, a loser's too. */
    private void settle(SettingRule rule) {
        List<ConfEntry> candidates = new ArrayList<>();
        for (SettingRule.Place place : rule.places()) {
            // Within a file rAthena's rule holds: the last value wins.
            of(place.file()).stream()
                    .filter(e ->
                            e.kind() == ConfEntry.Kind.SETTING && e.dotted().equals(place.key()))
                    .toList()
                    .reversed()
                    .forEach(candidates::add);
        }
        boolean fine = true;
        for (ConfEntry candidate : candidates) {
            var expected = rule.rule().refuse(candidate.value());
            expected.ifPresent(text -> faults.add(candidate.fault(text)));
            fine &= expected.isEmpty();
        }
        if (candidates.isEmpty() || !fine) {
            settings.put(
                    rule.name(),
                    new EffectiveSetting(
                            rule.name(), rule.defaultValue(), rule.unit(), DEFAULT, List.of(), rule.effect()));
            return;
        }
        ConfEntry winner = candidates.getFirst();
        winners.put(rule.name(), winner);
        List<EffectiveSetting.Loser> losers = candidates.stream()
                .skip(1)
                .map(e -> new EffectiveSetting.Loser(rule.rule().normal(e.value()), e.source()))
                .toList();
        settings.put(
                rule.name(),
                new EffectiveSetting(
                        rule.name(),
                        rule.rule().normal(winner.value()),
                        rule.unit(),
                        winner.source(),
                        losers,
                        rule.effect()));
    }

    private Map<String, String> relayServers() {
        Map<String, String> relays = new LinkedHashMap<>();
        ValueRule address = new ValueRule.Address();
        for (ConfEntry entry : of(ConfFile.MAP_CONFIG)) {
            if (entry.kind() == ConfEntry.Kind.SETTING
                    && entry.path().size() == 2
                    && entry.path().getFirst().equals(RELAY_SERVERS)) {
                address.refuse(entry.value()).ifPresent(text -> faults.add(entry.fault(text)));
                relays.put(entry.key(), entry.value());
                String name = RELAY_SERVERS + "." + entry.key();
                settings.put(
                        name,
                        new EffectiveSetting(
                                name,
                                entry.value(),
                                "",
                                entry.source(),
                                List.of(),
                                "Kept and checked; relays make themselves known."));
            }
        }
        return relays;
    }

    private List<TierRequirement> tiers() {
        List<TierRequirement> tiers = new ArrayList<>();
        TierRequirement below = new TierRequirement(
                1,
                number("cpu_min_ghz"),
                (int) number("cpu_min_cores"),
                number("ram_min_gb"),
                number("network_min_mbps"));
        tiers.add(below);
        for (int tier = 2; tier <= 3; tier++) {
            String prefix = "tier_" + tier + ".";
            below = new TierRequirement(
                    tier,
                    notBelow(prefix + "cpu_min_ghz", below.cpuGhz()),
                    (int) notBelow(prefix + "cpu_min_cores", below.cpuCores()),
                    notBelow(prefix + "ram_min_gb", below.ramGb()),
                    notBelow(prefix + "network_min_mbps", below.networkMbps()));
            tiers.add(below);
        }
        return tiers;
    }

    /** A default rises with the tier below; a value that an operator wrote must not be under it. */
    private double notBelow(String name, double least) {
        double value = number(name);
        ConfEntry written = winners.get(name);
        if (value >= least) {
            return value;
        }
        if (written != null) {
            faults.add(written.fault("at least " + plain(least) + ", the tier below's"));
            return value;
        }
        EffectiveSetting setting = setting(name);
        settings.put(
                name,
                new EffectiveSetting(
                        name,
                        plain(least),
                        setting.unit(),
                        "the tier below's",
                        List.of(new EffectiveSetting.Loser(setting.value(), DEFAULT)),
                        setting.effect()));
        return least;
    }

    private void atLeastOneWeight() {
        List<String> names = settings.keySet().stream()
                .filter(name -> name.startsWith("score_weights."))
                .toList();
        ConfEntry last = winners.get(names.getLast());
        if (last != null && names.stream().allMatch(name -> number(name) == 0)) {
            faults.add(last.fault("at least one weight above 0"));
        }
    }

    private void notices() {
        ConfEntry port = winners.get("coordinator.port");
        if (port != null) {
            warnings.add(port.source() + ": coordinator.port: " + port.value()
                    + " is accepted, but nothing listens there: it is rAthena's own map-server port");
        }
    }

    private EffectiveConfig config(MapRules maps, Map<String, String> relays, List<TierRequirement> tiers) {
        return new EffectiveConfig(
                List.copyOf(settings.values()),
                flag("enable"),
                tiers,
                (int) number("max_latency_ms"),
                (int) number("max_maps_per_host"),
                (int) number("min_hosts"),
                (int) number("min_replication"),
                flag("auto_distribute"),
                Duration.ofSeconds((long) number("load_check_interval")),
                Duration.ofSeconds((long) number("failover_timeout")),
                new LoadLimits(
                        number("resources.cpu_limit"),
                        number("resources.memory_limit"),
                        number("resources.network_limit")),
                new ScoreWeights(
                        number("score_weights.capability"),
                        number("score_weights.free_capacity"),
                        number("score_weights.latency"),
                        number("score_weights.loss"),
                        number("score_weights.stability"),
                        number("score_weights.region")),
                maps,
                relays,
                warnings);
    }

    private EffectiveSetting setting(String name) {
        EffectiveSetting setting = settings.get(name);
        if (setting == null) {
            throw new IllegalStateException("setting: " + name + " (expected: one that SettingRules names)");
        }
        return setting;
    }

    private boolean flag(String name) {
        return Boolean.parseBoolean(setting(name).value());
    }

    private double number(String name) {
        return Double.parseDouble(setting(name).value());
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
