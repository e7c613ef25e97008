package io.p2phost.cli.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which files of a tree go into a bundle beside the map-server and the scripts: the database of its mode, and of
 * {@code conf/} only what is named here. Of the operator's own settings ({@code conf/import}) his {@link PlaySettings
 * rates and rules} and the list of storages come along; the rest of a cell's settings is the agent's.
 */
record Shipping(List<String> databases, List<String> confs) {
    private static final Set<String> CONFS = Set.of(
            "conf/battle_athena.conf",
            "conf/script_athena.conf",
            "conf/packet_athena.conf",
            "conf/log_athena.conf",
            "conf/groups.yml",
            "conf/atcommands.yml",
            "conf/channels.conf",
            "conf/inter_server.yml",
            "conf/import/inter_server.yml",
            "conf/charhelp.txt",
            "conf/motd.txt");

    private static final Pattern CONF_FOLDERS = Pattern.compile("conf/(battle|msg_conf)/[^/]+\\.conf");
    private static final Pattern DATABASE = Pattern.compile(".*\\.(yml|txt|dat)");

    /** Read by no map-server. */
    private static final Set<String> NOT_NEEDED = Set.of("db/GeoIP.dat", "db/readme.md");

    static Shipping of(Tree tree, Mode mode) {
        Mode other = mode == Mode.RENEWAL ? Mode.PRE_RENEWAL : Mode.RENEWAL;
        List<String> databases = new ArrayList<>();
        for (String file : tree.below("db")) {
            boolean wanted = DATABASE.matcher(file).matches()
                    && !NOT_NEEDED.contains(file)
                    && !file.startsWith("db/" + other.folder() + "/")
                    && !file.startsWith("db/import-tmpl/");
            if (wanted) {
                databases.add(file);
            }
        }
        List<String> confs =
                tree.below("conf").stream().filter(Shipping::neutral).toList();
        return new Shipping(List.copyOf(databases), confs);
    }

    private static boolean neutral(String file) {
        return CONFS.contains(file) || CONF_FOLDERS.matcher(file).matches();
    }

    boolean ships(String file) {
        return confs.contains(file) || databases.contains(file);
    }

    /** Text files in which an operator may have left something. */
    List<String> texts() {
        List<String> texts = new ArrayList<>(confs);
        databases.stream().filter(file -> file.startsWith("db/import/")).forEach(texts::add);
        return texts;
    }
}
