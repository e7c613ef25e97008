package io.p2phost.assignment.conf;

import java.util.List;

/**
 * One thing a configuration file says.
 *
 * @param path the blocks it stands in and, for a setting or block, its own key; keys are in lower case
 * @param value a setting's or list item's text without quotes; empty for a block
 * @param file where it stands; an imported file's own name
 */
public record ConfEntry(Kind kind, List<String> path, String value, String file, int line) {
    /** What an entry is. */
    public enum Kind {
        /** {@code key: value} or {@code key=value}. */
        SETTING,
        /** A word in a list. */
        ITEM,
        /** The opening of a block or section. */
        BLOCK
    }

    public ConfEntry {
        path = List.copyOf(path);
    }

    /** The last part of the path. */
    public String key() {
        return path.isEmpty() ? "" : path.getLast();
    }

    /** The path with dots between its parts. */
    public String dotted() {
        return String.join(".", path);
    }

    /** {@code file:line}. */
    public String source() {
        return file + ":" + line;
    }

    /** A fault at this entry. */
    public ConfFault fault(String expected) {
        String found = switch (kind) {
            case SETTING -> key() + ": " + value;
            case ITEM -> value;
            case BLOCK -> key() + ": {";
        };
        return new ConfFault(file, line, found, expected);
    }
}
