package io.p2phost.assignment.conf;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads one configuration file and says everything that is wrong with its form. Bounds: 256 KiB of text, 1,023
 * characters in a line (rAthena's own limit), 200 reported faults, 8 files deep of imports, 8 blocks deep.
 */
public final class ConfReader {
    static final int MAX_TEXT = 256 * 1024;
    static final int MAX_LINE = 1023;
    static final int MAX_FAULTS = 200;
    static final int MAX_DEPTH = 8;

    private ConfReader() {}

    /** Reads {@code text}, which is called {@code file} in faults. */
    public static ConfDocument read(String file, ConfSyntax syntax, String text, ConfSource imports) {
        Result result = new Result();
        if (text.length() > MAX_TEXT) {
            result.fault(file, 0, text.length() + " characters", "at most " + MAX_TEXT);
            return result.document();
        }
        switch (syntax) {
            case RATHENA -> new RathenaSyntax(imports, result).read(file, text);
            case YAML -> new YamlSyntax(file, result).read(text);
            case INI -> new IniSyntax(file, result).read(text);
        }
        return result.document();
    }

    /** Splits into lines, without the byte order mark and carriage returns that editors leave. */
    static List<String> lines(String text) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        List<String> lines = new ArrayList<>();
        for (String line : plain.split("\n", -1)) {
            lines.add(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        }
        return lines;
    }

    /** Position of {@code mark} outside double and single quotes, or -1. */
    static int indexOutsideQuotes(String line, String mark, boolean singleQuotes) {
        char open = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (open != 0) {
                open = c == open ? 0 : open;
            } else if (c == '"' || (singleQuotes && c == '\'')) {
                open = c;
            } else if (line.startsWith(mark, i)) {
                return i;
            }
        }
        return -1;
    }

    /** What was read so far. */
    static final class Result {
        private final List<ConfEntry> entries = new ArrayList<>();
        private final List<ConfFault> faults = new ArrayList<>();

        void add(ConfEntry.Kind kind, List<String> path, String value, String file, int line) {
            entries.add(new ConfEntry(kind, path, value, file, line));
        }

        void fault(String file, int line, String found, String expected) {
            if (faults.size() < MAX_FAULTS) {
                faults.add(new ConfFault(file, line, found, expected));
            }
        }

        /** The value without its quotes; a quote that is not closed is a fault. */
        String unquoted(String file, int line, String key, String value) {
            char first = value.isEmpty() ? ' ' : value.charAt(0);
            if (first != '"') {
                return value;
            }
            if (value.length() < 2 || value.indexOf('"', 1) != value.length() - 1) {
                fault(file, line, key + ": " + value, "a closing quote at the end");
                return value;
            }
            return value.substring(1, value.length() - 1);
        }

        ConfDocument document() {
            return new ConfDocument(entries, faults);
        }
    }
}
