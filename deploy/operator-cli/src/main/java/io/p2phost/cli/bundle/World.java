package io.p2phost.cli.bundle;

import io.p2phost.cli.bundle.ScriptObject.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All that the scripts of a tree put into the game, by what it is looked up by. */
final class World {
    /** Scripts of items, pets and the like stand in the database. */
    private static final Pattern ITEM_CALL = Pattern.compile("callfunc\\s*\\(?\\s*\"(\\w+)\"");

    private final List<String> files;
    private final Barters barters;
    private final Set<String> calledByItems = new TreeSet<>();
    private final Map<String, List<ScriptObject>> byFile = new LinkedHashMap<>();
    private final Map<String, List<ScriptObject>> byMap = new HashMap<>();
    private final Map<String, ScriptObject> npcs = new HashMap<>();
    private final Map<String, ScriptObject> functions = new HashMap<>();
    private final Map<String, List<Use>> npcUses = new HashMap<>();
    private final Map<String, List<Use>> mapUses = new HashMap<>();
    private final Map<String, List<Use>> variableUses = new HashMap<>();

    /** A fact and whose it is. */
    record Use(ScriptObject by, Fact fact) {}

    private World(List<String> files, Barters barters) {
        this.files = files;
        this.barters = barters;
    }

    static World of(Tree tree, ScriptList list, Barters barters, Shipping shipping) {
        World world = new World(list.files(), barters);
        for (String database : shipping.databases()) {
            if (database.endsWith(".yml")) {
                Matcher call = ITEM_CALL.matcher(tree.text(database).orElse(""));
                while (call.find()) {
                    world.calledByItems.add(call.group(1));
                }
            }
        }
        for (String file : list.files()) {
            List<ScriptObject> objects = ScriptFile.parse(file, tree.text(file).orElse(""));
            world.byFile.put(file, objects);
            objects.forEach(world::add);
        }
        return world;
    }

    private void add(ScriptObject object) {
        if (object.kind() == Kind.FUNCTION) {
            functions.put(object.name(), object);
        } else if (!object.everywhere()) {
            byMap.computeIfAbsent(object.map(), map -> new ArrayList<>()).add(object);
        }
        switch (object.kind()) {
            case SCRIPT, DUPLICATE, SHOP, MARKET_SHOP -> npcs.putIfAbsent(object.name(), object);
            default -> {}
        }
        for (Fact fact : object.facts()) {
            Map<String, List<Use>> uses = switch (fact.type()) {
                case NPC -> npcUses;
                case MAP -> mapUses;
                case SHARED_VARIABLE -> variableUses;
                default -> null;
            };
            if (uses != null) {
                uses.computeIfAbsent(fact.name(), name -> new ArrayList<>()).add(new Use(object, fact));
            }
        }
    }

    /** In the order in which a server loads them. */
    List<String> files() {
        return files;
    }

    Barters barters() {
        return barters;
    }

    List<ScriptObject> inFile(String file) {
        return byFile.getOrDefault(file, List.of());
    }

    List<ScriptObject> onMap(String map) {
        return byMap.getOrDefault(map, List.of());
    }

    @Nullable
    ScriptObject npc(String name) {
        return npcs.get(name);
    }

    @Nullable
    ScriptObject function(String name) {
        return functions.get(name);
    }

    /** Functions that the database's own scripts call: an item is used on any map. */
    List<ScriptObject> calledByItems() {
        return calledByItems.stream()
                .map(functions::get)
                .filter(Objects::nonNull)
                .toList();
    }

    List<Use> usesOfNpc(String name) {
        return npcUses.getOrDefault(name, List.of());
    }

    List<Use> usesOfMap(String map) {
        return mapUses.getOrDefault(map, List.of());
    }

    List<Use> usesOfVariable(String name) {
        return variableUses.getOrDefault(name, List.of());
    }
}
