package io.p2phost.cli.bundle;

import io.p2phost.cli.bundle.ScriptObject.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a script file as a map-server does (npc.cpp, npc_parsesrcfile), but goes on where that one stops: a fault in a
 * line costs that line.
 */
final class ScriptFile {
    private final String file;
    private final String text;
    private final List<ScriptObject> objects = new ArrayList<>();
    private int at;
    private int line = 1;

    private ScriptFile(String file, String text) {
        this.file = file;
        this.text = text;
    }

    static List<ScriptObject> parse(String file, String text) {
        ScriptFile reader = new ScriptFile(file, text);
        while (reader.skipToHeader()) {
            reader.header();
        }
        return List.copyOf(reader.objects);
    }

    private boolean skipToHeader() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (c <= ' ') {
                at++;
            } else if (text.startsWith("//", at)) {
                at = endOfLine(at);
            } else if (text.startsWith("/*", at)) {
                skipTo(after(text.indexOf("*/", at + 2), 2));
            } else {
                return true;
            }
        }
        return false;
    }

    private void header() {
        int end = endOfLine(at);
        String[] words = text.substring(at, end).split("\t+", 4);
        if (words.length < 3) {
            at = end;
            return;
        }
        int first = line;
        String what = words[1].strip().toLowerCase(Locale.ROOT);
        String rest = words.length > 3 ? words[3] : "";
        boolean script = what.startsWith("script") && words.length > 3;
        List<Fact> facts = List.of();
        if (script) {
            int open = text.indexOf('{', end - rest.length());
            if (open >= 0 && open < end) {
                Code code = new Code(text, open, line);
                facts = code.facts();
                skipTo(code.end());
            } else {
                at = end;
            }
        } else {
            facts = lineFacts(what, rest);
            at = end;
        }
        add(words, what, first, facts);
    }

    private void add(String[] words, String what, int first, List<Fact> facts) {
        String place = words[0].strip();
        boolean function = place.equalsIgnoreCase("function");
        String map = function || place.equals("-") ? "" : map(place);
        Kind kind = kind(what, function);
        if (kind != null) {
            objects.add(new ScriptObject(file, first, kind, map, name(words[2].strip(), kind), of(words[1]), facts));
        }
    }

    private static @Nullable Kind kind(String what, boolean function) {
        if (what.startsWith("script")) {
            return function ? Kind.FUNCTION : Kind.SCRIPT;
        }
        if (what.startsWith("duplicate")) {
            return Kind.DUPLICATE;
        }
        if (what.startsWith("warp")) {
            return Kind.WARP;
        }
        return switch (what) {
            case "shop", "cashshop", "itemshop", "pointshop" -> Kind.SHOP;
            case "marketshop" -> Kind.MARKET_SHOP;
            case "monster", "boss_monster" -> Kind.MONSTER;
            case "mapflag" -> Kind.MAPFLAG;
            default -> null;
        };
    }

    private List<Fact> lineFacts(String what, String rest) {
        if (!what.endsWith("monster")) {
            return List.of();
        }
        // The last field of a spawn line may name the event of its death.
        for (String field : rest.split(",", -1)) {
            int event = field.indexOf("::On");
            if (event > 0) {
                return List.of(new Fact(Fact.Type.NPC, field.substring(0, event).strip(), "monster", line));
            }
        }
        return List.of();
    }

    private static String map(String place) {
        int comma = place.indexOf(',');
        String map = (comma < 0 ? place : place.substring(0, comma)).strip();
        return map.endsWith(".gat") ? map.substring(0, map.length() - 4) : map;
    }

    private static String name(String words, Kind kind) {
        if (kind == Kind.MONSTER || kind == Kind.WARP) {
            return words;
        }
        int unique = words.indexOf("::");
        return unique < 0 ? words : words.substring(unique + 2).strip();
    }

    private static String of(String what) {
        int open = what.indexOf('(');
        int close = what.lastIndexOf(')');
        return open < 0
                        || close < open
                        || !what.strip().toLowerCase(Locale.ROOT).startsWith("duplicate")
                ? ""
                : what.substring(open + 1, close);
    }

    private int endOfLine(int from) {
        return after(text.indexOf('\n', from), 0);
    }

    private int after(int found, int length) {
        return found < 0 ? text.length() : found + length;
    }

    private void skipTo(int end) {
        for (; at < end; at++) {
            if (text.charAt(at) == '\n') {
                line++;
            }
        }
    }
}
