package io.p2phost.assignment.config;

import io.p2phost.assignment.conf.ConfEntry;
import io.p2phost.assignment.conf.ConfFault;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds what a file says that nobody reads: a misspelt limit must not be passed over in silence. */
final class UnknownKeys {
    private static final String FREE_BLOCK = "relay_servers";
    private static final int NEAR = 3;

    private UnknownKeys() {}

    static void find(ConfFile file, List<ConfEntry> entries, Collection<ConfFault> faults) {
        Set<String> keys = new TreeSet<>();
        Set<String> blocks = new TreeSet<>();
        for (SettingRule rule : SettingRules.ALL) {
            for (SettingRule.Place place : rule.places()) {
                if (place.file() == file) {
                    keys.add(place.key());
                    for (int dot = place.key().indexOf('.');
                            dot >= 0;
                            dot = place.key().indexOf('.', dot + 1)) {
                        blocks.add(place.key().substring(0, dot));
                    }
                }
            }
        }
        if (file == ConfFile.MAP_CONFIG) {
            blocks.add(FREE_BLOCK);
        }
        for (ConfEntry entry : entries) {
            check(entry, keys, blocks, file == ConfFile.MAP_CONFIG, faults);
        }
    }

    private static void check(
            ConfEntry entry, Set<String> keys, Set<String> blocks, boolean freeBlock, Collection<ConfFault> faults) {
        String name = entry.dotted();
        String parent = entry.kind() == ConfEntry.Kind.ITEM ? name : parentOf(name);
        if (!parent.isEmpty() && !blocks.contains(parent)) {
            return; // the block itself was reported
        }
        boolean free = freeBlock && parent.equals(FREE_BLOCK);
        switch (entry.kind()) {
            case BLOCK -> {
                if (!blocks.contains(name)) {
                    faults.add(entry.fault(expectation("block", name, blocks)));
                }
            }
            case SETTING -> {
                if (!free && !keys.contains(name)) {
                    faults.add(entry.fault(expectation("key", name, keys)));
                }
            }
            case ITEM -> faults.add(entry.fault("key: value"));
        }
    }

    private static String parentOf(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(0, dot);
    }

    private static String expectation(String what, String name, Set<String> known) {
        String best = "";
        int bestDistance = NEAR + 1;
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "a " + what + " this file knows" : "a known " + what + ", perhaps " + best;
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
