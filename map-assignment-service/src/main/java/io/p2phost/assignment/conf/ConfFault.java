package io.p2phost.assignment.conf;

/**
 * Something in a configuration file that cannot be accepted.
 *
 * @param line from 1; 0 when the file as a whole is at fault
 * @param found what stands there, usually {@code key: value}; control characters are shown as {@code ?}
 * @param expected what could stand there instead
 */
public record ConfFault(String file, int line, String found, String expected) {
    private static final int MAX_FOUND = 120;

    public ConfFault {
        found = shown(found.strip());
    }

    /** {@code file:line: key: value (expected: …)}. */
    public String message() {
        return file + ":" + line + ": " + found + " (expected: " + expected + ")";
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MAX_FOUND) + 1);
        for (int i = 0; i < Math.min(text.length(), MAX_FOUND); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        return text.length() > MAX_FOUND ? shown.append('…').toString() : shown.toString();
    }
}
