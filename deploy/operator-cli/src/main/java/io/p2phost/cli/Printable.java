package io.p2phost.cli;

/** Makes foreign text safe for a terminal: a host may call itself an escape sequence. */
final class Printable {
    private Printable() {}

    /** The text without control and formatting characters (C0, C1, bidirectional overrides, line separators). */
    static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().filter(Printable::harmless).forEach(safe::appendCodePoint);
        return safe.toString();
    }

    private static boolean harmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
