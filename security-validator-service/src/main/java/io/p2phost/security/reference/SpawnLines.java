package io.p2phost.security.reference;

import io.p2phost.contracts.MapName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads permanent spawn lines of rAthena scripts:
 * {@code map[,x,y[,xs,ys]]<TAB>monster|boss_monster<TAB>name[,level]<TAB>mobId,amount[,delays…]}. Other kinds of lines
 * are passed over.
 */
final class SpawnLines {
    private static final int COLUMNS = 4;
    /** As in rAthena's npc_parse_mob: more than this on one line is refused there. */
    private static final int MAX_AMOUNT = 1_000;

    private final Map<MapName, Map<Integer, Spawn>> spawns = new HashMap<>();

    /** Reads one file's text; the name is for messages. */
    void read(String file, String text) {
        List<String> lines = withoutBlockComments(text).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = withoutLineComment(lines.get(i));
            String[] columns = line.split("\t+", -1);
            if (columns.length >= COLUMNS && isMonster(columns[1].strip())) {
                try {
                    add(columns);
                } catch (IllegalArgumentException e) {
                    throw new ReferenceException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
    }

    Map<MapName, Map<Integer, Spawn>> all() {
        Map<MapName, Map<Integer, Spawn>> copy = new HashMap<>();
        spawns.forEach((map, mobs) -> copy.put(map, Map.copyOf(mobs)));
        return copy;
    }

    private static boolean isMonster(String kind) {
        return kind.equalsIgnoreCase("monster") || kind.equalsIgnoreCase("boss_monster");
    }

    private void add(String[] columns) {
        MapName map = MapName.of(columns[0].split(",", -1)[0].strip());
        String[] figures = columns[3].split(",", -1);
        if (figures.length < 2) {
            throw new IllegalArgumentException("spawn: \"" + columns[3] + "\" (expected: mobId,amount)");
        }
        int mobId = number("mobId", figures[0], 1, Integer.MAX_VALUE);
        int amount = number("amount", figures[1], 0, MAX_AMOUNT);
        Set<Integer> levels = new HashSet<>();
        String[] name = columns[2].split(",", -1);
        if (name.length > 1) {
            int level = number("level", name[1], 0, Integer.MAX_VALUE);
            if (level > 0) {
                levels.add(level);
            }
        }
        spawns.computeIfAbsent(map, m -> new HashMap<>()).merge(mobId, new Spawn(amount, levels), SpawnLines::sum);
    }

    private static Spawn sum(Spawn a, Spawn b) {
        Set<Integer> levels = new HashSet<>(a.levels());
        levels.addAll(b.levels());
        return new Spawn(a.amount() + b.amount(), levels);
    }

    private static int number(String key, String text, int least, int most) {
        String digits = text.strip();
        try {
            int value = Integer.parseInt(digits);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, with the expectation.
        }
        throw new IllegalArgumentException(
                key + ": \"" + digits + "\" (expected: a number from " + least + " to " + most + ")");
    }

    /** Blanks out block comments but keeps the line breaks, so that line numbers stay true. */
    private static String withoutBlockComments(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inside = false;
        boolean lineComment = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                lineComment = false;
                out.append(c);
            } else if (inside) {
                if (text.startsWith("*/", i)) {
                    inside = false;
                    i++;
                }
            } else if (!lineComment && text.startsWith("/*", i)) {
                inside = true;
                i++;
            } else {
                lineComment |= text.startsWith("//", i);
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String withoutLineComment(String line) {
        int at = line.indexOf("//");
        return at < 0 ? line : line.substring(0, at);
    }
}
