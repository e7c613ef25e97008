package io.p2phost.assignment.config;

import java.util.regex.Pattern;

/** A pattern of map names: {@code *} is any run of characters, {@code ?} exactly one. */
public record NamePattern(String text) {
    static final String EXPECTED = "1 to 24 of a-z 0-9 _ @ # - * ?";

    private static final Pattern LEGAL = Pattern.compile("[a-z0-9_@#*?-]{1,24}");

    public NamePattern {
        if (!isLegal(text)) {
            throw new IllegalArgumentException("pattern: " + text + " (expected: " + EXPECTED + ")");
        }
    }

    static boolean isLegal(String text) {
        return LEGAL.matcher(text).matches();
    }

    /** Whether it covers that one name only. */
    public boolean isName() {
        return text.indexOf('*') < 0 && text.indexOf('?') < 0;
    }

    /** Linear in the name's length for each star, without backtracking beyond the last one. */
    public boolean covers(String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < text.length() && (text.charAt(p) == '?' || text.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (p < text.length() && text.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < text.length() && text.charAt(p) == '*') {
            p++;
        }
        return p == text.length();
    }
}
