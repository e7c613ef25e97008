package io.p2phost.cli.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The operator's own rates and rules of play: what {@code conf/import/battle_conf.txt} and the files it imports set, in
 * the order in which a map-server reads it, and what of {@code conf/inter_athena.conf} is about play. Hosted maps must be
 * played by them. Numbers and yes or no come along, which is all that a stock map-server takes there; anything else stays.
 *
 * @param lines as they are written into the bundle
 * @param staying places of what stays, and why
 */
record PlaySettings(List<String> lines, List<String> staying) {
    static final String BATTLE = "conf/import/battle_conf.txt";
    /** Addresses, passwords and names of tables, and a few rules among them. */
    static final String INTER = "conf/inter_athena.conf";

    private static final Set<String> RULES_OF_INTER =
            Set.of("start_status_points", "emblem_woe_change", "emblem_transparency_limit");

    private static final int MAX_IMPORTS = 64;
    private static final int MAX_LINES = 2_000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9_.]{1,64}");
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]{1,10}|0x[0-9a-fA-F]{1,8}");
    private static final Set<String> WORDS = Set.of("yes", "no", "on", "off");

    PlaySettings {
        lines = List.copyOf(lines);
        staying = List.copyOf(staying);
    }

    static PlaySettings battle(Tree tree) {
        return read(tree, BATTLE, name -> true);
    }

    static PlaySettings inter(Tree tree) {
        return read(tree, INTER, RULES_OF_INTER::contains);
    }

    private static PlaySettings read(Tree tree, String file, Predicate<String> isAboutPlay) {
        Reader reader = new Reader(tree, isAboutPlay);
        reader.read(file);
        return new PlaySettings(reader.lines, reader.staying);
    }

    /** The file that a bundle gets. */
    String text() {
        return String.join("\n", lines) + "\n";
    }

    private static final class Reader {
        private final Tree tree;
        private final Predicate<String> isAboutPlay;
        private final List<String> lines = new ArrayList<>();
        private final List<String> staying = new ArrayList<>();
        private int files;

        Reader(Tree tree, Predicate<String> isAboutPlay) {
            this.tree = tree;
            this.isAboutPlay = isAboutPlay;
        }

        private void read(String file) {
            for (Tree.Setting setting : Tree.settings(tree.text(file).orElse(""))) {
                String place = file + ":" + setting.line() + ": ";
                String name = setting.name();
                if (name.equals("import")) {
                    // A file that imports itself would go on for ever.
                    if (++files > MAX_IMPORTS) {
                        staying.add(place + "stays here (expected: at most " + MAX_IMPORTS + " imports)");
                        return;
                    }
                    read(Tree.plain(setting.value()));
                } else if (isAboutPlay.test(name)) {
                    if (lines.size() == MAX_LINES) {
                        staying.add(place + "stays here (expected: at most " + MAX_LINES + " settings)");
                        return;
                    }
                    take(place, name, setting.value().split("\\s", 2)[0]);
                }
            }
        }

        private void take(String place, String name, String value) {
            boolean play = NAME.matcher(name).matches()
                    && (NUMBER.matcher(value).matches() || WORDS.contains(value.toLowerCase(Locale.ROOT)));
            if (play) {
                lines.add(name + ": " + value);
            } else {
                staying.add(place + Words.shown(name) + " stays here (expected: a number, yes, no, on or off)");
            }
        }
    }
}
