package io.p2phost.assignment.config;

import io.p2phost.assignment.conf.ConfEntry;
import io.p2phost.assignment.conf.ConfFault;
import io.p2phost.contracts.MapName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads p2p_map_eligibility.conf and p2p_map_categories.conf. */
final class MapRulesReader {
    private static final String RESTRICTED = "restricted_maps";
    private static final String NAME_EXPECTED = "a map's name, 1 to 24 of a-z 0-9 _ @ # -";
    private static final ValueRule LEAST_TIER = new ValueRule.Whole(0, 3, "");
    private static final ValueRule CATEGORY_TIER = new ValueRule.Whole(1, 3, "");

    private final List<ConfEntry> eligibility;
    private final List<ConfEntry> categories;
    private final Collection<ConfFault> faults;
    private final Collection<String> warnings;

    MapRulesReader(
            List<ConfEntry> eligibility,
            List<ConfEntry> categories,
            Collection<ConfFault> faults,
            Collection<String> warnings) {
        this.eligibility = eligibility;
        this.categories = categories;
        this.faults = faults;
        this.warnings = warnings;
    }

    MapRules read() {
        Map<MapName, Integer> tiers = new LinkedHashMap<>();
        Set<MapName> restricted = new LinkedHashSet<>();
        for (ConfEntry entry : eligibility) {
            switch (entry.kind()) {
                case BLOCK -> {
                    if (!entry.dotted().equals(RESTRICTED)) {
                        faults.add(entry.fault("map: 0 to 3, or " + RESTRICTED + ": { … }"));
                    }
                }
                case ITEM -> {
                    if (entry.dotted().equals(RESTRICTED)) {
                        name(entry, entry.value()).ifPresent(restricted::add);
                    }
                }
                case SETTING -> tier(entry, tiers);
            }
        }
        return new MapRules(tiers, restricted, categories());
    }

    private void tier(ConfEntry entry, Map<MapName, Integer> tiers) {
        if (entry.path().size() > 1) {
            if (entry.path().getFirst().equals(RESTRICTED)) {
                faults.add(entry.fault("a map's name alone"));
            }
            return;
        }
        Optional<String> refused = LEAST_TIER.refuse(entry.value());
        refused.ifPresent(text -> faults.add(entry.fault(text + ": the least tier of a host")));
        name(entry, entry.key()).ifPresent(map -> {
            if (refused.isEmpty()) {
                tiers.put(map, Integer.parseInt(entry.value()));
                warnIfTooLong(entry, map);
            }
        });
    }

    private List<MapRules.Category> categories() {
        Map<String, Draft> drafts = new LinkedHashMap<>();
        for (ConfEntry entry : categories) {
            List<String> path = entry.path();
            if (path.size() == 1 && entry.kind() == ConfEntry.Kind.BLOCK) {
                drafts.computeIfAbsent(path.getFirst(), name -> new Draft(name, entry));
            } else if (path.size() == 1) {
                faults.add(entry.fault("category: { tier: 1 to 3 and maps: { … } }"));
            } else {
                Draft draft = drafts.get(path.getFirst());
                if (draft != null) {
                    inCategory(entry, draft);
                }
            }
        }
        drafts.values().forEach(this::complete);
        return drafts.values().stream().map(Draft::category).toList();
    }

    private void inCategory(ConfEntry entry, Draft draft) {
        String key = entry.path().get(1);
        switch (entry.kind()) {
            case SETTING -> {
                if (entry.path().size() == 2 && key.equals("tier")) {
                    CATEGORY_TIER
                            .refuse(entry.value())
                            .ifPresentOrElse(
                                    text -> faults.add(entry.fault(text + ": the least tier of a host")),
                                    () -> draft.tier = Integer.parseInt(entry.value()));
                    draft.hasTier = true;
                } else {
                    faults.add(entry.fault("tier: 1 to 3, maps: { … } or except: { … }"));
                }
            }
            case BLOCK -> {
                if (entry.path().size() != 2 || !(key.equals("maps") || key.equals("except"))) {
                    faults.add(entry.fault("maps: { … } or except: { … }"));
                }
            }
            case ITEM -> {
                if (NamePattern.isLegal(entry.value())) {
                    NamePattern pattern = new NamePattern(entry.value());
                    (key.equals("except") ? draft.except : draft.maps).add(pattern);
                    if (pattern.isName() && key.equals("maps")) {
                        warnIfTooLong(entry, MapName.of(pattern.text()));
                    }
                } else {
                    faults.add(entry.fault("a map's name or pattern, " + NamePattern.EXPECTED));
                }
            }
        }
    }

    private void complete(Draft draft) {
        if (!draft.hasTier) {
            faults.add(draft.opened.fault("tier: 1 to 3 inside"));
        }
        if (draft.maps.isEmpty()) {
            faults.add(draft.opened.fault("maps: { … } with at least one name or pattern inside"));
        }
    }

    private Optional<MapName> name(ConfEntry entry, String text) {
        try {
            return Optional.of(MapName.of(text));
        } catch (IllegalArgumentException e) {
            faults.add(entry.fault(NAME_EXPECTED));
            return Optional.empty();
        }
    }

    private void warnIfTooLong(ConfEntry entry, MapName map) {
        if (!map.announceable()) {
            warnings.add(entry.source() + ": " + map + ": " + map.value().length()
                    + " characters (expected: at most " + MapName.MAX_ANNOUNCEABLE_LENGTH
                    + " and no #): no map-server can announce it, so it stays on the VPS");
        }
    }

    private static final class Draft {
        private final String name;
        private final ConfEntry opened;
        private final List<NamePattern> maps = new ArrayList<>();
        private final List<NamePattern> except = new ArrayList<>();
        private int tier = 1;
        private boolean hasTier;

        Draft(String name, ConfEntry opened) {
            this.name = name;
            this.opened = opened;
        }

        MapRules.Category category() {
            return new MapRules.Category(name, tier, maps, except);
        }
    }
}
