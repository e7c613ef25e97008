package io.p2phost.gateway.route;

import io.p2phost.contracts.Text;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.gateway.problem.Refusal;

/**
 * A request path in the one spelling that is passed on. Whatever two servers could read differently (dot segments,
 * empty segments, path parameters, encoded slashes or dots, double encoding, control characters) is refused instead of
 * repaired, so that what was checked here is what the service sees.
 *
 * @param raw as it was sent, and as it is passed on
 * @param decoded with its escapes decoded, for matching
 */
public record PublicPath(String raw, String decoded) {
    private static final int MAX_LENGTH = 1_024;
    private static final int MAX_QUERY_LENGTH = 4_096;
    private static final String PLAIN = "._~@:+,=-";
    private static final String QUERY_PLAIN = PLAIN + "!$&'()*;/?";
    /** Escapes that would mean something to a server if it decoded them. */
    private static final String NEVER_ESCAPED = "/\\.;%?";

    /**
     * Checks a raw path.
     *
     * @throws Refusal when it is not in the plain spelling
     */
    public static PublicPath of(String raw) throws Refusal {
        if (raw.length() > MAX_LENGTH) {
            throw bad("path: " + raw.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        if (!raw.startsWith("/")) {
            throw bad("path: " + Text.quote(raw) + " (expected: it starts with /)");
        }
        StringBuilder decoded = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                char escaped = escape(raw, i);
                if (escaped < 0x20 || escaped > 0x7e || NEVER_ESCAPED.indexOf(escaped) >= 0) {
                    throw bad("path: " + Text.quote(raw) + " (expected: no such escape)");
                }
                decoded.append(escaped);
                i += 2;
            } else if (c == '/' || isPlain(c, PLAIN)) {
                decoded.append(c);
            } else {
                throw bad("path: " + Text.quote(raw) + " (expected: letters, digits, " + PLAIN + " and escapes)");
            }
        }
        String path = decoded.toString();
        checkSegments(raw, path);
        return new PublicPath(raw, path);
    }

    /**
     * Checks a raw query string (without the question mark).
     *
     * @throws Refusal when it holds a character that needs an escape, a broken escape or an escaped NUL
     */
    public static void checkQuery(String query) throws Refusal {
        if (query.length() > MAX_QUERY_LENGTH) {
            throw bad("query: " + query.length() + " characters (expected: at most " + MAX_QUERY_LENGTH + ")");
        }
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c == '%') {
                if (escape(query, i) == 0) {
                    throw bad("query: (expected: no NUL)");
                }
                i += 2;
            } else if (!isPlain(c, QUERY_PLAIN)) {
                throw bad("query: " + Text.quote(query) + " (expected: escapes for all but letters, digits, "
                        + QUERY_PLAIN + ")");
            }
        }
    }

    private static void checkSegments(String raw, String path) throws Refusal {
        if (path.length() == 1) {
            return;
        }
        for (String segment : path.substring(1).split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw bad("path: " + Text.quote(raw) + " (expected: no empty, . or .. segments)");
            }
        }
    }

    private static char escape(String text, int at) throws Refusal {
        int high = at + 2 < text.length() ? hex(text.charAt(at + 1)) : -1;
        int low = at + 2 < text.length() ? hex(text.charAt(at + 2)) : -1;
        if (high < 0 || low < 0) {
            throw bad(Text.quote(text) + " (expected: two hex digits after %)");
        }
        return (char) (high * 16 + low);
    }

    /** ASCII only: Character.digit would take other scripts' digits too. */
    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean isPlain(char c, String others) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.indexOf(c) >= 0;
    }

    private static Refusal bad(String detail) {
        return new Refusal(ProblemType.MALFORMED_REQUEST, detail);
    }
}
