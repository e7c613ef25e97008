package io.p2phost.cli.bundle;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a tree is, seen from a host.
 *
 * @param faults what is wrong with the tree itself, and which of its own settings would differ on hosts
 * @param battleSettings the operator's own rates and rules, which come along
 */
public record BundleCheck(
        Mode mode,
        int files,
        List<MapResult> maps,
        List<Secret> secrets,
        List<String> faults,
        List<String> battleSettings,
        long shippedFiles) {
    /** Looks through the tree once for all maps. */
    public static BundleCheck of(Tree tree, Mode mode, List<String> maps) {
        ScriptList list = ScriptList.of(tree, mode);
        Shipping shipping = Shipping.of(tree, mode);
        World world = World.of(tree, list, Barters.of(tree, mode), shipping);
        List<MapResult> results = new ArrayList<>();
        Set<String> scripts = new LinkedHashSet<>();
        List<String> faults = new ArrayList<>(list.faults());
        for (String map : maps) {
            MapResult result = MapAudit.of(world, map);
            results.add(result);
            scripts.addAll(result.scripts());
            if (world.onMap(map).isEmpty()) {
                faults.add(map + ": no script of this tree says a word about this map (a wrong name?)");
            }
        }
        MapAudit.ofItems(world)
                .forEach(found -> faults.add(found.file() + ":" + found.line() + ": " + found.what()
                        + ": called by items, hence on every map"));
        PlaySettings battle = PlaySettings.battle(tree);
        faults.addAll(battle.staying());
        faults.addAll(PlaySettings.inter(tree).staying());
        return new BundleCheck(
                mode,
                list.files().size(),
                List.copyOf(results),
                Secrets.of(tree, shipping, List.copyOf(scripts)),
                List.copyOf(faults),
                battle.lines(),
                1L + shipping.databases().size() + shipping.confs().size() + scripts.size());
    }
}
