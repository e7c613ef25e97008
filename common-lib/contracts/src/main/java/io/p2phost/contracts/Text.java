package io.p2phost.contracts;

/** How foreign text is shown in messages: cut to a length that fits a log line, control characters replaced. */
public final class Text {
    private static final int MAX_SHOWN = 64;

    private Text() {}

    /** The text in double quotes, at most 64 characters of it, every control character as {@code ?}. */
    public static String quote(String text) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MAX_SHOWN) + 4).append('"');
        for (int i = 0; i < Math.min(text.length(), MAX_SHOWN); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        return shown.append(text.length() > MAX_SHOWN ? "…\"" : "\"").toString();
    }
}
