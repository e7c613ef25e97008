package io.p2phost.dbproxy.mux;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which items are rare, by their numbers in the item database: what a host's map gives of them waits for confirmation.
 *
 * @param ranges may overlap
 */
public record RareItems(List<Range> ranges) {
    public static final RareItems NONE = new RareItems(List.of());
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

    /** First and last are rare too. */
    public record Range(int first, int last) {
        public Range {
            if (first < 1 || last < first) {
                throw new IllegalArgumentException(
                        "items: " + first + "-" + last + " (expected: 1 or more, the last not below the first)");
            }
        }
    }

    public RareItems {
        ranges = List.copyOf(ranges);
    }

    /**
     * Reads {@code 4001-4700} and {@code 2357}.
     *
     * @throws IllegalArgumentException if one is neither
     */
    public static RareItems of(List<String> texts) {
        List<Range> ranges = new ArrayList<>();
        for (String text : texts) {
            Matcher range = RANGE.matcher(text.strip());
            if (!range.matches()) {
                throw new IllegalArgumentException("items: " + text + " (expected: like 4001-4700, or 2357)");
            }
            int first = Integer.parseInt(range.group(1));
            ranges.add(new Range(first, range.group(2) == null ? first : Integer.parseInt(range.group(2))));
        }
        return new RareItems(ranges);
    }

    boolean has(int item) {
        return ranges.stream().anyMatch(range -> range.first <= item && item <= range.last);
    }

    boolean isNone() {
        return ranges.isEmpty();
    }
}
