package io.p2phost.assignment.config;

import io.p2phost.contracts.MapName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the files say about maps.
 *
 * @param tiers least tier by name; 0 is never hosted
 * @param restricted never hosted, whatever else is said
 * @param categories kinds of maps by pattern, the first that covers a map decides
 */
public record MapRules(Map<MapName, Integer> tiers, Set<MapName> restricted, List<Category> categories) {
    public MapRules {
        tiers = Map.copyOf(tiers);
        restricted = Set.copyOf(restricted);
        categories = List.copyOf(categories);
    }

    /** A kind of maps. */
    public record Category(String name, int tier, List<NamePattern> maps, List<NamePattern> except) {
        public Category {
            maps = List.copyOf(maps);
            except = List.copyOf(except);
        }

        public boolean covers(MapName map) {
            return maps.stream().anyMatch(p -> p.covers(map.value()))
                    && except.stream().noneMatch(p -> p.covers(map.value()));
        }
    }
}
