package io.p2phost.cli.bundle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Barter shops: they stand in a database file, and what is left of their goods in the game's database. */
record Barters(List<Barter> all) {
    private static final String FILE = "npc/barters.yml";
    private static final int MAX_FILES = 100;

    /** One shop; the map is empty when scripts open it by its name. */
    record Barter(String file, int line, String name, String map) {}

    static Barters of(Tree tree, Mode mode) {
        List<Barter> all = new ArrayList<>();
        List<String> open = new ArrayList<>(List.of(FILE));
        Set<String> seen = new HashSet<>(open);
        for (int i = 0; i < open.size() && i < MAX_FILES; i++) {
            String file = open.get(i);
            for (String imported : read(file, tree.text(file).orElse(""), mode, all)) {
                if (seen.add(imported)) {
                    open.add(imported);
                }
            }
        }
        return new Barters(List.copyOf(all));
    }

    /** Three keys of a plain YAML file; anything else in it is passed over. */
    private static List<String> read(String file, String text, Mode mode, List<Barter> all) {
        List<String> imports = new ArrayList<>();
        String name = "";
        String map = "";
        String path = "";
        int line = 0;
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String stripped = raw.strip();
            if (stripped.startsWith("- Name:")) {
                add(file, line, name, map, all);
                name = value(stripped);
                map = "";
                line = number;
            } else if (stripped.startsWith("Map:")) {
                map = value(stripped);
            } else if (stripped.startsWith("- Path:")) {
                path = Tree.plain(value(stripped));
                imports.add(path);
            } else if (stripped.startsWith("Mode:") && !value(stripped).equals(mode.word())) {
                imports.remove(path);
            }
        }
        add(file, line, name, map, all);
        return imports;
    }

    private static void add(String file, int line, String name, String map, List<Barter> all) {
        if (!name.isEmpty()) {
            all.add(new Barter(file, line, name, map));
        }
    }

    private static String value(String line) {
        String value = line.substring(line.indexOf(':') + 1).strip();
        int comment = value.indexOf(" #");
        return (comment < 0 ? value : value.substring(0, comment)).strip().replace("\"", "");
    }
}
