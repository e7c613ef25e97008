package io.p2phost.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Name of a map by rAthena's rules (MAP_NAME_LENGTH 12 with the NUL, mmo.hpp): lower-case letters, digits and
 * {@code _ @ # -}. Names of 12 to 24 characters, which the seeds' files contain, are legal here but can never be
 * announced by a map-server; neither can an instance (a name with {@code #}).
 */
public record MapName(@JsonValue String value) implements Comparable<MapName> {
    /** Longest name that a map-server can announce. */
    public static final int MAX_ANNOUNCEABLE_LENGTH = 11;

    private static final int MAX_LENGTH = 24;
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9_@#-]{1," + MAX_LENGTH + "}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public MapName {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "map: " + Text.quote(value) + " (expected: 1 to " + MAX_LENGTH + " of a-z 0-9 _ @ # -)");
        }
    }

    /** Reads a name as rAthena's files write it: a trailing {@code .gat} is dropped (mapindex.cpp). */
    public static MapName of(String text) {
        return new MapName(text.endsWith(".gat") ? text.substring(0, text.length() - 4) : text);
    }

    /** Whether a map-server can announce this map to the char-server. */
    public boolean announceable() {
        return value.length() <= MAX_ANNOUNCEABLE_LENGTH && value.indexOf('#') < 0;
    }

    @Override
    public int compareTo(MapName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
