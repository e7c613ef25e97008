package io.p2phost.ro.sim.stock;

import io.p2phost.ro.sim.Point;
import io.p2phost.ro.sim.SimWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Maps as files in the places where a stock map-server looks: warps and spawns in rAthena's own script lines; sizes and
 * monsters, which rAthena keeps in larger formats, one line each.
 */
public final class StockWorld {
    /** As rAthena has it: maps that are not in it, a server never hears of. */
    private static final String INDEX = "db/map_index.txt";

    /** {@code map width height}. */
    private static final String SIZES = "db/stand-in/maps.txt";

    /** {@code id,name,hp,base experience,job experience[,item:rate in 1/10000 …]}. */
    private static final String MONSTERS = "db/stand-in/monsters.txt";

    private static final String SCRIPTS = "npc/pre-re/scripts_main.conf";

    private StockWorld() {}

    /**
     * The folder's files for these maps, by path; {@link #script} names the one with a map's script.
     *
     * @param others maps that other servers have
     */
    public static Map<String, String> files(List<SimWorld.MapPlan> maps, List<String> others) {
        Map<String, String> files = new TreeMap<>();
        StringBuilder index = new StringBuilder();
        int id = 0;
        for (String name : Stream.concat(maps.stream().map(SimWorld.MapPlan::name), others.stream())
                .toList()) {
            index.append(name + " " + ++id + "\n");
        }
        files.put(INDEX, index.toString());
        Map<Integer, String> monsters = new TreeMap<>();
        StringBuilder sizes = new StringBuilder();
        for (SimWorld.MapPlan map : maps) {
            sizes.append(map.name() + " " + map.width() + " " + map.height() + "\n");
            StringBuilder script = new StringBuilder("// " + map.name() + "\n");
            map.portals()
                    .forEach(portal -> script.append("%s,%d,%d,0\twarp\tto_%s\t1,1,%s,%d,%d\n"
                            .formatted(
                                    map.name(),
                                    portal.x(),
                                    portal.y(),
                                    portal.to().map(),
                                    portal.to().map(),
                                    portal.to().x(),
                                    portal.to().y())));
            for (SimWorld.Spawn spawn : map.spawns()) {
                SimWorld.Monster monster = spawn.monster();
                script.append("%s,0,0\tmonster\t%s\t%d,%d,%d\n"
                        .formatted(
                                map.name(),
                                monster.name(),
                                monster.id(),
                                spawn.count(),
                                spawn.respawn().toMillis()));
                monsters.put(monster.id(), line(monster));
            }
            files.put(script(map.name()), script.toString());
        }
        files.put(SIZES, sizes.toString());
        files.put(MONSTERS, String.join("", monsters.values()));
        return files;
    }

    public static String script(String map) {
        return "npc/pre-re/stand-in/" + map + ".txt";
    }

    private static String line(SimWorld.Monster monster) {
        StringBuilder line = new StringBuilder(monster.id() + "," + monster.name() + "," + monster.hp() + ","
                + monster.baseExp() + "," + monster.jobExp());
        monster.drops().forEach(drop -> line.append("," + drop.nameId() + ":" + drop.rate()));
        return line.append('\n').toString();
    }

    /** What the scripts that are loaded say of these maps; what stands on others is passed over. */
    static SimWorld read(Path folder, List<String> maps) throws IOException {
        Map<Integer, SimWorld.Monster> monsters = new HashMap<>();
        for (String line : lines(folder, MONSTERS)) {
            SimWorld.Monster monster = monster(line.split(","));
            monsters.put(monster.id(), monster);
        }
        Map<String, int[]> sizes = new HashMap<>();
        for (String line : lines(folder, SIZES)) {
            String[] words = line.split(" ");
            sizes.put(words[0], new int[] {Integer.parseInt(words[1]), Integer.parseInt(words[2])});
        }
        Map<String, List<SimWorld.Portal>> portals = new HashMap<>();
        Map<String, List<SimWorld.Spawn>> spawns = new HashMap<>();
        for (String script : StockConf.read(folder, SCRIPTS).all("npc")) {
            for (String line : lines(folder, script)) {
                take(line.split("\t"), monsters, portals, spawns);
            }
        }
        List<SimWorld.MapPlan> plans = new ArrayList<>();
        for (String map : maps) {
            int[] size = sizes.get(map);
            if (size == null) {
                throw new IOException("map " + map + " is not in the map cache");
            }
            plans.add(new SimWorld.MapPlan(
                    map, size[0], size[1], portals.getOrDefault(map, List.of()), spawns.getOrDefault(map, List.of())));
        }
        for (String line : lines(folder, INDEX)) {
            String name = line.split(" ")[0];
            if (!maps.contains(name)) {
                plans.add(new SimWorld.MapPlan(name, 1, 1, List.of(), List.of()));
            }
        }
        return new SimWorld(plans);
    }

    private static SimWorld.Monster monster(String[] words) {
        List<SimWorld.Drop> drops = Arrays.stream(words)
                .skip(5)
                .map(drop -> drop.split(":"))
                .map(drop -> new SimWorld.Drop(Integer.parseInt(drop[0]), Integer.parseInt(drop[1])))
                .toList();
        return new SimWorld.Monster(
                Integer.parseInt(words[0]),
                words[1],
                Integer.parseInt(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]),
                drops);
    }

    private static void take(
            String[] parts,
            Map<Integer, SimWorld.Monster> monsters,
            Map<String, List<SimWorld.Portal>> portals,
            Map<String, List<SimWorld.Spawn>> spawns)
            throws IOException {
        String[] place = parts[0].split(",");
        String[] words = parts[3].split(",");
        switch (parts[1]) {
            case "warp" ->
                portals.computeIfAbsent(place[0], any -> new ArrayList<>())
                        .add(new SimWorld.Portal(
                                Integer.parseInt(place[1]),
                                Integer.parseInt(place[2]),
                                new Point(words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]))));
            case "monster" -> {
                SimWorld.Monster monster = monsters.get(Integer.parseInt(words[0]));
                if (monster == null) {
                    throw new IOException("monster " + words[0] + " is not in the database");
                }
                spawns.computeIfAbsent(place[0], any -> new ArrayList<>())
                        .add(new SimWorld.Spawn(
                                monster, Integer.parseInt(words[1]), Duration.ofMillis(Long.parseLong(words[2]))));
            }
            default -> throw new IOException("script line of an unknown kind: " + parts[1]);
        }
    }

    private static List<String> lines(Path folder, String path) throws IOException {
        return Files.readAllLines(folder.resolve(path)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("//"))
                .toList();
    }
}
