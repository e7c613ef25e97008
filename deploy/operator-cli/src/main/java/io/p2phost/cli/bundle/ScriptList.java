package io.p2phost.cli.bundle;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The script files that a map-server of this tree loads, in its order: the {@code npc:} lines of its list, of what that
 * imports, and of the map-server's own conf, less the {@code delnpc:} lines.
 *
 * @param faults lines that name a file which is not there
 */
record ScriptList(List<String> files, List<String> faults) {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_FILES = 20_000;
    private static final String MAP_CONF = "conf/map_athena.conf";

    static ScriptList of(Tree tree, Mode mode) {
        Reader reader = new Reader(tree);
        reader.read(MAP_CONF, 0, false);
        reader.read("npc/" + mode.folder() + "/scripts_main.conf", 0, true);
        return new ScriptList(List.copyOf(reader.files), List.copyOf(reader.faults));
    }

    private static final class Reader {
        private final Tree tree;
        private final Set<String> files = new LinkedHashSet<>();
        private final Set<String> read = new LinkedHashSet<>();
        private final List<String> faults = new ArrayList<>();

        Reader(Tree tree) {
            this.tree = tree;
        }

        void read(String path, int depth, boolean needed) {
            if (depth > MAX_DEPTH || !read.add(path)) {
                return;
            }
            String text = tree.text(path).orElse(null);
            if (text == null) {
                if (needed) {
                    faults.add(path + ": missing");
                }
                return;
            }
            for (Tree.Setting line : Tree.settings(text)) {
                String named = Tree.plain(line.value());
                switch (line.name()) {
                    case "import" -> read(named, depth + 1, false);
                    case "npc" -> add(named, path + ":" + line.line());
                    case "delnpc" -> files.remove(named);
                    default -> {}
                }
            }
        }

        private void add(String file, String where) {
            if (tree.text(file).isEmpty()) {
                faults.add(where + ": " + file + " is missing or too large");
            } else if (files.size() < MAX_FILES) {
                files.add(file);
            }
        }
    }
}
