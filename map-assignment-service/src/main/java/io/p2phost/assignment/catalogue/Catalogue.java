package io.p2phost.assignment.catalogue;

import io.p2phost.assignment.catalogue.MapEntry.Eligibility;
import io.p2phost.assignment.config.MapRules;
import io.p2phost.assignment.config.NamePattern;
import io.p2phost.contracts.MapName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which maps there are and what may be done with them. With a map index only its maps exist. Without one a map is
 * known when the configuration names it or a pattern of it covers the name.
 */
public final class Catalogue {
    private final MapRules rules;
    private final @Nullable MapIndex index;
    private final Set<MapName> named = new TreeSet<>();

    public Catalogue(MapRules rules, @Nullable MapIndex index) {
        this.rules = rules;
        this.index = index;
        if (index != null) {
            named.addAll(index.maps());
        } else {
            named.addAll(rules.tiers().keySet());
            named.addAll(rules.restricted());
            for (MapRules.Category category : rules.categories()) {
                category.maps().stream().filter(NamePattern::isName).forEach(p -> named.add(MapName.of(p.text())));
            }
        }
    }

    /** What may be done with a map; empty when there is no such map. */
    public Optional<MapEntry> find(MapName map) {
        Optional<MapRules.Category> category =
                rules.categories().stream().filter(c -> c.covers(map)).findFirst();
        boolean known = named.contains(map) || (index == null && category.isPresent());
        return known ? Optional.of(entry(map, category.orElse(null))) : Optional.empty();
    }

    /** Every map that can be listed by name, in order. */
    public List<MapEntry> all() {
        return named.stream().flatMap(map -> find(map).stream()).toList();
    }

    /** Maps that the configuration names but the map index does not have. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (index != null) {
            Set<MapName> configured = new TreeSet<>(rules.tiers().keySet());
            configured.addAll(rules.restricted());
            configured.stream()
                    .filter(map -> !index.maps().contains(map))
                    .forEach(map -> warnings.add(map + ": named in the configuration, but not in db/map_index.txt"));
        }
        return warnings;
    }

    private MapEntry entry(MapName map, MapRules.@Nullable Category category) {
        if (rules.restricted().contains(map)) {
            return new MapEntry(map, Eligibility.RESTRICTED, 0, null, "in restricted_maps");
        }
        Integer tier = rules.tiers().get(map);
        if (tier != null && tier == 0) {
            return new MapEntry(map, Eligibility.RESTRICTED, 0, null, "tier 0 in p2p_map_eligibility.conf");
        }
        if (tier == null && category == null) {
            return new MapEntry(map, Eligibility.NOT_ELIGIBLE, 0, null, "no line or category covers it");
        }
        if (!map.announceable()) {
            return new MapEntry(
                    map,
                    Eligibility.NOT_ELIGIBLE,
                    0,
                    null,
                    "no map-server can announce a name longer than " + MapName.MAX_ANNOUNCEABLE_LENGTH
                            + " characters or with #");
        }
        if (tier != null) {
            return new MapEntry(map, Eligibility.ELIGIBLE, tier, null, "tier " + tier + " in p2p_map_eligibility.conf");
        }
        MapRules.Category kind = java.util.Objects.requireNonNull(category);
        return new MapEntry(map, Eligibility.ELIGIBLE, kind.tier(), kind.name(), "category " + kind.name());
    }
}
