package io.p2phost.cli.bundle;

import io.p2phost.cli.bundle.Finding.Kind;
import io.p2phost.cli.bundle.World.Use;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One map: the script files that a server needs which has this map alone, and what in them would not run as it does on
 * a server that has all maps. Such a server loads of each file what stands on the map, what stands nowhere, and the
 * functions, and passes over the rest (npc.cpp, npc_parsesrcfile).
 */
final class MapAudit {
    /** Labels that a server runs by itself, whoever is where. */
    private static final Pattern GLOBAL_EVENT =
            Pattern.compile("On(Clock|Minute|Hour|Day)\\d+|On(Sun|Mon|Tue|Wed|Thu|Fri|Sat)\\d+"
                    + "|OnAgit\\w*|OnInterIfInit(Once)?|OnPC\\w+|OnNPCKillEvent");

    private final World world;
    private final String map;
    private final Set<ScriptObject> loaded = new LinkedHashSet<>();
    private final Set<String> files = new HashSet<>();
    private final Deque<ScriptObject> open = new ArrayDeque<>();
    private final SortedSet<Finding> findings = new TreeSet<>();

    private MapAudit(World world, String map) {
        this.world = world;
        this.map = map;
    }

    static MapResult of(World world, String map) {
        MapAudit audit = new MapAudit(world, map);
        world.onMap(map).forEach(audit::load);
        audit.follow();
        Set<ScriptObject> own = new LinkedHashSet<>(audit.loaded);
        audit.items();
        own.forEach(audit::judge);
        audit.fromElsewhere(own);
        audit.barters();
        return audit.result();
    }

    /** What would be found for every map, because items call it. */
    static SortedSet<Finding> ofItems(World world) {
        MapAudit audit = new MapAudit(world, "");
        audit.items();
        audit.loaded.forEach(audit::judge);
        return audit.findings;
    }

    private void items() {
        world.calledByItems().forEach(this::load);
        follow();
    }

    private MapResult result() {
        List<ScriptObject> own = world.onMap(map);
        return new MapResult(
                map,
                count(
                        own,
                        Set.of(
                                ScriptObject.Kind.SCRIPT,
                                ScriptObject.Kind.DUPLICATE,
                                ScriptObject.Kind.SHOP,
                                ScriptObject.Kind.MARKET_SHOP)),
                count(own, Set.of(ScriptObject.Kind.MONSTER)),
                count(own, Set.of(ScriptObject.Kind.WARP)),
                world.files().stream().filter(files::contains).toList(),
                findings);
    }

    private static int count(Collection<ScriptObject> objects, Set<ScriptObject.Kind> kinds) {
        return (int)
                objects.stream().filter(object -> kinds.contains(object.kind())).count();
    }

    private void load(ScriptObject object) {
        if (loaded.add(object)) {
            open.add(object);
            if (files.add(object.file())) {
                world.inFile(object.file()).stream()
                        .filter(ScriptObject::everywhere)
                        .filter(other -> other.kind() != ScriptObject.Kind.FUNCTION)
                        .forEach(this::load);
            }
        }
    }

    /** Whatever the loaded scripts need is loaded too, as long as it stands on this map or nowhere. */
    private void follow() {
        for (ScriptObject object = open.poll(); object != null; object = open.poll()) {
            if (!object.of().isEmpty()) {
                need(world.npc(object.of()));
            }
            for (Fact fact : object.facts()) {
                if (fact.type() == Fact.Type.FUNCTION) {
                    need(world.function(fact.name()));
                } else if (fact.type() == Fact.Type.NPC) {
                    need(world.npc(fact.name()));
                }
            }
        }
    }

    private void need(@Nullable ScriptObject object) {
        if (object != null && (object.everywhere() || object.map().equals(map))) {
            load(object);
        }
    }

    private void judge(ScriptObject object) {
        switch (object.kind()) {
            case MARKET_SHOP -> found(Kind.STOCK_SHOP, object, object.line(), "shop with stock: " + object.name());
            case MAPFLAG -> {
                if (object.name().equalsIgnoreCase("nosave")) {
                    found(Kind.NOSAVE, object, object.line(), "mapflag nosave");
                }
            }
            case DUPLICATE -> {
                ScriptObject original = world.npc(object.of());
                if (original != null && !loaded.contains(original)) {
                    found(
                            Kind.OTHER_NPC,
                            object,
                            object.line(),
                            "duplicate of " + named(original) + ", without which it will not be there");
                } else if (original != null && !original.map().equals(object.map())) {
                    original.facts().forEach(fact -> judge(original, fact));
                }
            }
            default -> {}
        }
        object.facts().forEach(fact -> judge(object, fact));
    }

    private void judge(ScriptObject object, Fact fact) {
        String name = fact.name();
        switch (fact.type()) {
            case LABEL -> label(object, fact);
            case GLOBAL_START -> found(Kind.GLOBAL_EVENT, object, fact.line(), "OnInit: " + name);
            case EVERY_NPC -> found(Kind.GLOBAL_EVENT, object, fact.line(), "event of all npcs: " + name);
            case SQL -> found(Kind.SQL, object, fact.line(), name);
            case ADDRESS -> found(Kind.PLAYER_ADDRESS, object, fact.line(), name);
            case INSTANCE -> found(Kind.INSTANCE, object, fact.line(), name);
            case SERVER_VARIABLE -> found(Kind.SERVER_VARIABLE, object, fact.line(), name);
            case SHARED_VARIABLE ->
                world.usesOfVariable(name).stream()
                        .filter(use -> !loaded.contains(use.by()))
                        .findFirst()
                        .ifPresent(use -> found(
                                Kind.SHARED_VARIABLE, object, fact.line(), name + ", also used by " + named(use.by())));
            case NPC -> npc(object, fact);
            case MAP -> {
                if (!name.equals(map) && !world.onMap(name).isEmpty()) {
                    found(Kind.OTHER_MAP, object, fact.line(), fact.command() + " on map " + name);
                }
            }
            case FUNCTION -> {}
        }
    }

    private void label(ScriptObject object, Fact fact) {
        if (fact.name().startsWith("OnInstance")) {
            found(Kind.INSTANCE, object, fact.line(), fact.name());
        } else if (GLOBAL_EVENT.matcher(fact.name()).matches()) {
            found(Kind.GLOBAL_EVENT, object, fact.line(), fact.name());
        }
    }

    private void npc(ScriptObject object, Fact fact) {
        ScriptObject npc = world.npc(fact.name());
        if (npc != null && !loaded.contains(npc)) {
            found(Kind.OTHER_NPC, object, fact.line(), Words.shown(fact.command()) + ": " + named(npc));
        }
        world.barters().all().stream()
                .filter(barter -> barter.name().equals(fact.name()))
                .forEach(barter -> found(Kind.STOCK_SHOP, object, fact.line(), "barter " + barter.name()));
    }

    /** What stays behind on the VPS and addresses this map or what is on it would find nothing there. */
    private void fromElsewhere(Set<ScriptObject> own) {
        for (Use use : world.usesOfMap(map)) {
            if (!loaded.contains(use.by())) {
                found(
                        Kind.ADDRESSED_FROM_ELSEWHERE,
                        use.by(),
                        use.fact().line(),
                        use.fact().command() + " on this map, by " + named(use.by()));
            }
        }
        for (ScriptObject object : own) {
            if (object.name().isEmpty() || !object.equals(world.npc(object.name()))) {
                continue;
            }
            for (Use use : world.usesOfNpc(object.name())) {
                if (!loaded.contains(use.by())) {
                    found(
                            Kind.ADDRESSED_FROM_ELSEWHERE,
                            use.by(),
                            use.fact().line(),
                            "addresses " + Words.shown(object.name()) + ", from " + named(use.by()));
                }
            }
        }
    }

    private void barters() {
        for (Barters.Barter barter : world.barters().all()) {
            if (barter.map().equals(map)) {
                findings.add(new Finding(
                        map, Kind.STOCK_SHOP, barter.file(), barter.line(), "barter " + Words.shown(barter.name())));
            }
        }
    }

    private static String named(ScriptObject object) {
        return Words.shown(object.name()) + (object.everywhere() ? "" : " on map " + object.map()) + " ("
                + object.where() + ")";
    }

    private void found(Kind kind, ScriptObject object, int line, String what) {
        findings.add(new Finding(map, kind, object.file(), line, what));
    }
}
