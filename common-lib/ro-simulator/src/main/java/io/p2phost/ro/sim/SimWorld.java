package io.p2phost.ro.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The maps there are, for every server the same; which of them a server loads is its own setting. */
public final class SimWorld {
    private static final Set<Integer> POTIONS = Set.of(645, 656);

    private final Map<String, MapPlan> maps;

    /** @param maps each name once */
    public SimWorld(List<MapPlan> maps) {
        Map<String, MapPlan> byName = new LinkedHashMap<>();
        for (MapPlan map : maps) {
            if (byName.put(map.name(), map) != null) {
                throw new IllegalArgumentException("map: " + map.name() + " (expected: once)");
            }
        }
        this.maps = byName;
    }

    /** A map, all of it walkable. */
    public record MapPlan(String name, int width, int height, List<Portal> portals, List<Spawn> spawns) {
        public MapPlan {
            portals = List.copyOf(portals);
            spawns = List.copyOf(spawns);
        }
    }

    /** Whoever steps on the cell or beside it goes there. */
    public record Portal(int x, int y, Point to) {
        boolean touches(int atX, int atY) {
            return Math.abs(atX - x) <= 1 && Math.abs(atY - y) <= 1;
        }
    }

    /** So many of them, each back a while after its death. */
    public record Spawn(Monster monster, int count, Duration respawn) {}

    /** What can be fought. */
    public record Monster(int id, String name, int hp, long baseExp, long jobExp, List<Drop> drops) {
        public Monster {
            drops = List.copyOf(drops);
        }
    }

    /**
     * What a monster may leave.
     *
     * @param rate in 1/10000
     */
    public record Drop(int nameId, int rate) {}

    /** Nine maps in a row from the city out, each with portals to its neighbours and Porings but in the city. */
    public static SimWorld small() {
        List<String> row = List.of(
                "prontera",
                "prt_fild08",
                "prt_fild07",
                "prt_fild05",
                "prt_fild06",
                "prt_fild01",
                "prt_fild02",
                "prt_fild03",
                "prt_fild04");
        Monster poring = new Monster(1002, "Poring", 50, 2, 1, List.of(new Drop(909, 7_000), new Drop(1202, 1_000)));
        List<MapPlan> maps = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            List<Portal> portals = new ArrayList<>();
            if (i > 0) {
                portals.add(new Portal(2, 100, new Point(row.get(i - 1), 190, 100)));
            }
            if (i + 1 < row.size()) {
                portals.add(new Portal(197, 100, new Point(row.get(i + 1), 10, 100)));
            }
            List<Spawn> spawns = i == 0 ? List.of() : List.of(new Spawn(poring, 10, Duration.ofSeconds(5)));
            maps.add(new MapPlan(row.get(i), 400, 400, portals, spawns));
        }
        return new SimWorld(maps);
    }

    public @Nullable MapPlan map(String name) {
        return maps.get(name);
    }

    /** Whether items of this kind lie in one slot together. */
    static boolean stacks(int nameId) {
        return nameId < 1_100 || nameId >= 3_000;
    }

    /** Type of the status a potion gives; 0 for what is no potion. */
    static int statusOf(int nameId) {
        return POTIONS.contains(nameId) ? nameId == 645 ? 55 : 56 : 0;
    }

    /** Experience that ends a base level. */
    static long nextBaseExp(int level) {
        return 9L * level * level;
    }
}
