package io.p2phost.bundles;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.p2phost.contracts.Text;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a file of a bundle lies: relative, with {@code /}, and such that it names the same file on every system. What
 * some system reads otherwise (devices, streams, a dot or space at the end) is refused on all of them.
 */
public record BundlePath(@JsonValue String value) implements Comparable<BundlePath> {
    private static final int MAX_LENGTH = 200;
    private static final int MAX_DEPTH = 12;
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.@#&+=~(),!' -]{1,100}");
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul", "conin$", "conout$");
    private static final Pattern NUMBERED_DEVICE = Pattern.compile("(com|lpt)[0-9]");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public BundlePath {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw refused(value, "1 to " + MAX_LENGTH + " characters");
        }
        String[] parts = value.split("/", -1);
        if (parts.length > MAX_DEPTH) {
            throw refused(value, "at most " + MAX_DEPTH + " levels");
        }
        for (String part : parts) {
            if (!legal(part)) {
                throw refused(value, "a relative path of plain names, without .. and links");
            }
        }
    }

    private static boolean legal(String part) {
        if (!PART.matcher(part).matches() || part.endsWith(".") || part.endsWith(" ") || part.startsWith(" ")) {
            return false;
        }
        int dot = part.indexOf('.');
        String stem = (dot < 0 ? part : part.substring(0, dot)).strip().toLowerCase(Locale.ROOT);
        return !DEVICES.contains(stem) && !NUMBERED_DEVICE.matcher(stem).matches();
    }

    private static BundleException refused(String path, String expected) {
        return new BundleException("path: " + Text.quote(path) + " (expected: " + expected + ")");
    }

    /** The file in a folder. */
    public Path in(Path folder) {
        return folder.resolve(value);
    }

    /** The same for two paths that some system cannot tell apart. */
    String folded() {
        return value.toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(BundlePath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
