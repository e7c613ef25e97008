package io.p2phost.assignment.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The part of YAML that the seeds use: block mappings of plain or quoted values, lists of words, comments. */
final class YamlSyntax {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]{1,63}");
    private static final String NOT_PLAIN = "{[|>&*!%@`";

    private final String file;
    private final ConfReader.Result result;
    private final List<Level> levels = new ArrayList<>();
    private int line;

    /** A key without a value: whether it opens a block is known when the next line is seen. */
    private String pendingKey = "";

    private int pendingLine;
    private int pendingIndent;

    private record Level(String key, int parentIndent, int indent) {}

    YamlSyntax(String file, ConfReader.Result result) {
        this.file = file;
        this.result = result;
    }

    void read(String text) {
        for (String raw : ConfReader.lines(text)) {
            line++;
            if (raw.length() > ConfReader.MAX_LINE) {
                fault("a line of " + raw.length() + " characters", "at most " + ConfReader.MAX_LINE);
                continue;
            }
            String shown = withoutComment(raw);
            String statement = shown.strip();
            if (!statement.isEmpty() && !statement.equals("---")) {
                statement(shown, statement);
            }
        }
        pendingIsWithoutValue();
    }

    private void statement(String shown, String text) {
        int indent = 0;
        while (shown.charAt(indent) == ' ') {
            indent++;
        }
        if (shown.charAt(indent) == '\t') {
            fault(text, "spaces, not tabs, before the key");
            return;
        }
        if (!enter(indent)) {
            fault(text, "the indentation of a line above");
            return;
        }
        if (text.startsWith("- ")) {
            item(text.substring(2).strip());
            return;
        }
        int colon = text.indexOf(':');
        String key = colon < 0 ? "" : text.substring(0, colon).strip();
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (!KEY.matcher(key).matches() || !(value.isEmpty() || Character.isWhitespace(value.charAt(0)))) {
            fault(text, "key: value");
            return;
        }
        setting(key, value.strip(), indent);
    }

    /** Brings the open blocks in line with the indentation; false when it fits none. */
    private boolean enter(int indent) {
        if (!pendingKey.isEmpty() && indent > pendingIndent) {
            levels.add(new Level(pendingKey, pendingIndent, indent));
            result.add(ConfEntry.Kind.BLOCK, path(), "", file, pendingLine);
            pendingKey = "";
            if (levels.size() > ConfReader.MAX_DEPTH) {
                result.fault(file, pendingLine, "block", "at most " + ConfReader.MAX_DEPTH + " blocks deep");
            }
            return true;
        }
        pendingIsWithoutValue();
        while (!levels.isEmpty() && indent <= levels.getLast().parentIndent()) {
            levels.removeLast();
        }
        return indent == (levels.isEmpty() ? 0 : levels.getLast().indent());
    }

    private void setting(String key, String value, int indent) {
        String name = key.toLowerCase(Locale.ROOT);
        if (value.isEmpty()) {
            pendingKey = name;
            pendingLine = line;
            pendingIndent = indent;
        } else if (NOT_PLAIN.indexOf(value.charAt(0)) >= 0) {
            fault(key + ": " + value, "a plain value");
        } else {
            List<String> path = path();
            path.add(name);
            result.add(ConfEntry.Kind.SETTING, path, unquoted(key, value), file, line);
        }
    }

    private void item(String value) {
        if (levels.isEmpty() || value.isEmpty() || NOT_PLAIN.indexOf(value.charAt(0)) >= 0) {
            fault("- " + value, "a plain word in a list below a key");
        } else {
            result.add(ConfEntry.Kind.ITEM, path(), unquoted("-", value), file, line);
        }
    }

    private String unquoted(String key, String value) {
        if (value.startsWith("'")) {
            if (value.length() < 2 || value.indexOf('\'', 1) != value.length() - 1) {
                fault(key + ": " + value, "a closing quote at the end");
                return value;
            }
            return value.substring(1, value.length() - 1);
        }
        return result.unquoted(file, line, key, value);
    }

    private static String withoutComment(String raw) {
        if (raw.strip().startsWith("#")) {
            return "";
        }
        int hash = ConfReader.indexOutsideQuotes(raw, " #", true);
        return hash < 0 ? raw : raw.substring(0, hash);
    }

    private void pendingIsWithoutValue() {
        if (!pendingKey.isEmpty()) {
            result.fault(file, pendingLine, pendingKey + ":", "a value or an indented block");
            pendingKey = "";
        }
    }

    private List<String> path() {
        List<String> path = new ArrayList<>();
        levels.forEach(level -> path.add(level.key()));
        return path;
    }

    private void fault(String found, String expected) {
        result.fault(file, line, found, expected);
    }
}
