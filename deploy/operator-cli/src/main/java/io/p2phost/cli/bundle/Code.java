package io.p2phost.cli.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The body of a script, from its brace to the matching one: cut into words once, then looked through. */
final class Code {
    /** A call's arguments are looked at so far; no command with a map or npc among them has more. */
    private static final int MAX_CALL_WORDS = 200;

    private static final Pattern EVENT = Pattern.compile("(.*)::(On\\w+)");

    /** Commands that address an npc by name, and which argument that is. */
    private static final Map<String, Integer> NPC_COMMANDS = Map.ofEntries(
            Map.entry("enablenpc", 0),
            Map.entry("disablenpc", 0),
            Map.entry("hideonnpc", 0),
            Map.entry("hideoffnpc", 0),
            Map.entry("cloakonnpc", 0),
            Map.entry("cloakoffnpc", 0),
            Map.entry("initnpctimer", 0),
            Map.entry("startnpctimer", 0),
            Map.entry("stopnpctimer", 0),
            Map.entry("setnpctimer", 1),
            Map.entry("getnpctimer", 1),
            Map.entry("getvariableofnpc", 1),
            Map.entry("getnpcid", 1),
            Map.entry("movenpc", 0),
            Map.entry("unloadnpc", 0),
            Map.entry("duplicate", 0),
            Map.entry("setnpcdisplay", 0),
            Map.entry("cmdothernpc", 0),
            Map.entry("callshop", 0),
            Map.entry("npcshopattach", 0),
            Map.entry("npcshopitem", 0),
            Map.entry("npcshopadditem", 0),
            Map.entry("npcshopdelitem", 0),
            Map.entry("npcshopupdate", 0),
            Map.entry("disablewaitingroomevent", 0),
            Map.entry("enablewaitingroomevent", 0),
            Map.entry("getwaitingroomstate", 1));

    /** Commands that act on a map by name, and which argument that is. Warping a player there works from anywhere. */
    private static final Map<String, Integer> MAP_COMMANDS = Map.ofEntries(
            Map.entry("monster", 0),
            Map.entry("areamonster", 0),
            Map.entry("killmonster", 0),
            Map.entry("killmonsterall", 0),
            Map.entry("mobcount", 0),
            Map.entry("getmapusers", 0),
            Map.entry("getareausers", 0),
            Map.entry("mapannounce", 0),
            Map.entry("areaannounce", 0),
            Map.entry("mapwarp", 0),
            Map.entry("areawarp", 0),
            Map.entry("areapercentheal", 0),
            Map.entry("setmapflag", 0),
            Map.entry("removemapflag", 0),
            Map.entry("getmapflag", 0),
            Map.entry("setmapflagnosave", 0),
            Map.entry("pvpon", 0),
            Map.entry("pvpoff", 0),
            Map.entry("gvgon", 0),
            Map.entry("gvgoff", 0),
            Map.entry("setcell", 0),
            Map.entry("setwall", 0),
            Map.entry("cleanmap", 0),
            Map.entry("cleanarea", 0),
            Map.entry("makeitem", 2));

    private static final Set<String> GLOBAL_COMMANDS = Set.of(
            "agitstart", "agitend", "agitstart2", "agitend2", "agitstart3", "agitend3", "setbattleflag", "atcommand");

    private final String text;
    private int at;
    private int line;
    private final List<Word> words = new ArrayList<>();

    private enum Sort {
        NAME,
        STRING,
        SIGN
    }

    private record Word(Sort sort, String text, int line) {
        boolean is(char sign) {
            return sort == Sort.SIGN && text.charAt(0) == sign;
        }
    }

    Code(String text, int open, int line) {
        this.text = text;
        this.at = open;
        this.line = line;
        cut();
    }

    /** Behind the closing brace; the end of the file if there is none. */
    int end() {
        return at;
    }

    private void cut() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (c <= ' ') {
                at++;
            } else if (text.startsWith("//", at)) {
                at = orEnd(text.indexOf('\n', at));
            } else if (text.startsWith("/*", at)) {
                comment();
            } else if (c == '"') {
                string();
            } else if (nameStart(c)) {
                name();
            } else {
                words.add(new Word(Sort.SIGN, String.valueOf(c), line));
                at++;
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                if (depth == 0) {
                    return;
                }
            }
        }
    }

    private void comment() {
        int close = text.indexOf("*/", at + 2);
        int end = close < 0 ? text.length() : close + 2;
        for (; at < end; at++) {
            line += text.charAt(at) == '\n' ? 1 : 0;
        }
    }

    private void string() {
        int from = ++at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at = Math.min(at, text.length());
        words.add(new Word(Sort.STRING, text.substring(from, at), line));
        if (at < text.length() && text.charAt(at) == '"') {
            at++;
        }
    }

    private void name() {
        int from = at;
        while (at < text.length() && prefix(text.charAt(at))) {
            at++;
        }
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '$') {
            at++;
        }
        words.add(new Word(Sort.NAME, text.substring(from, at), line));
    }

    private static boolean prefix(char c) {
        return c == '$' || c == '@' || c == '.' || c == '#' || c == '\'';
    }

    private static boolean nameStart(char c) {
        return prefix(c) || Character.isLetterOrDigit(c) || c == '_';
    }

    private int orEnd(int found) {
        return found < 0 ? text.length() : found;
    }

    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        String label = "";
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            if (word.sort() == Sort.STRING) {
                event(i, facts);
            } else if (word.sort() == Sort.NAME) {
                if (isLabel(i)) {
                    label = word.text();
                    facts.add(new Fact(Fact.Type.LABEL, label, "", word.line()));
                } else {
                    named(i, label, facts);
                }
            }
        }
        return facts;
    }

    private boolean isLabel(int i) {
        return words.get(i).text().startsWith("On")
                && i + 1 < words.size()
                && words.get(i + 1).is(':')
                && (i == 0 || !(words.get(i - 1).is('?') || words.get(i - 1).is(':')));
    }

    private void event(int i, List<Fact> facts) {
        Word word = words.get(i);
        Matcher event = EVENT.matcher(word.text());
        if (event.matches()) {
            boolean joined = i > 0 && words.get(i - 1).is('+');
            if (!event.group(1).isEmpty()) {
                facts.add(new Fact(Fact.Type.NPC, event.group(1), word.text(), word.line()));
            } else if (!joined) {
                facts.add(new Fact(Fact.Type.EVERY_NPC, word.text(), "donpcevent", word.line()));
            }
        }
    }

    private void named(int i, String label, List<Fact> facts) {
        Word word = words.get(i);
        String name = word.text();
        String command = name.toLowerCase(Locale.ROOT);
        if (name.startsWith("$") && name.length() > 1) {
            boolean temporary = name.startsWith("$@");
            facts.add(
                    new Fact(temporary ? Fact.Type.SHARED_VARIABLE : Fact.Type.SERVER_VARIABLE, name, "", word.line()));
        } else if (command.equals("query_sql") || command.equals("query_logsql")) {
            facts.add(new Fact(Fact.Type.SQL, command, command, word.line()));
        } else if (command.equals("getcharip")) {
            facts.add(new Fact(Fact.Type.ADDRESS, command, command, word.line()));
        } else if (command.startsWith("instance_") || command.equals("has_instance")) {
            facts.add(new Fact(Fact.Type.INSTANCE, command, command, word.line()));
        } else if (command.equals("callfunc")) {
            argument(i, 0, facts, Fact.Type.FUNCTION);
        } else {
            called(i, command, label, facts);
        }
    }

    private void called(int i, String command, String label, List<Fact> facts) {
        Word word = words.get(i);
        Integer npc = NPC_COMMANDS.get(command);
        Integer map = MAP_COMMANDS.get(command);
        if (npc != null) {
            argument(i, npc, facts, Fact.Type.NPC);
        } else if (map != null) {
            argument(i, map, facts, Fact.Type.MAP);
        } else if (command.equals("getd") || command.equals("setd")) {
            dynamicVariable(i, facts);
        } else if (label.equals("OnInit") && (GLOBAL_COMMANDS.contains(command) || announcesToAll(i, command))) {
            facts.add(new Fact(Fact.Type.GLOBAL_START, command, command, word.line()));
        } else if (i + 1 < words.size() && words.get(i + 1).is('(')) {
            // A function of the tree may be called like a command.
            facts.add(new Fact(Fact.Type.FUNCTION, word.text(), "", word.line()));
        }
    }

    private void argument(int i, int wanted, List<Fact> facts, Fact.Type type) {
        Word command = words.get(i);
        Word value = argument(i, wanted);
        if (value != null && !value.text().isEmpty() && !value.text().contains("::On")) {
            facts.add(new Fact(type, value.text(), command.text(), value.line()));
        }
    }

    /** The call's argument, if it is nothing but a string. */
    private @Nullable Word argument(int i, int wanted) {
        boolean inside = i + 1 < words.size() && words.get(i + 1).is('(');
        int depth = 0;
        int index = 0;
        int from = inside ? i + 2 : i + 1;
        for (int k = from; k < words.size() && k < from + MAX_CALL_WORDS; k++) {
            Word word = words.get(k);
            if (word.is(';') || (depth == 0 && word.is(')'))) {
                return null;
            }
            depth += word.is('(') ? 1 : word.is(')') ? -1 : 0;
            if (depth == 0 && word.is(',')) {
                index++;
            } else if (index == wanted) {
                boolean alone = k + 1 < words.size()
                        && (words.get(k + 1).is(',')
                                || words.get(k + 1).is(';')
                                || words.get(k + 1).is(')'));
                return word.sort() == Sort.STRING && alone ? word : null;
            }
        }
        return null;
    }

    private void dynamicVariable(int i, List<Fact> facts) {
        for (int k = i + 1; k < words.size() && k < i + 3; k++) {
            Word word = words.get(k);
            if (word.sort() == Sort.STRING
                    && word.text().startsWith("$")
                    && !word.text().startsWith("$@")) {
                facts.add(new Fact(Fact.Type.SERVER_VARIABLE, word.text(), "", word.line()));
            }
        }
    }

    private boolean announcesToAll(int i, String command) {
        if (!command.equals("announce")) {
            return false;
        }
        for (int k = i + 1;
                k < words.size() && k < i + MAX_CALL_WORDS && !words.get(k).is(';');
                k++) {
            String word = words.get(k).text().toLowerCase(Locale.ROOT);
            if (word.equals("bc_map") || word.equals("bc_area") || word.equals("bc_self")) {
                return false;
            }
        }
        return true;
    }
}
