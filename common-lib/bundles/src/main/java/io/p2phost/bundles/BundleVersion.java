package io.p2phost.bundles;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.p2phost.contracts.Text;
import java.util.regex.Pattern;

/** A bundle's name, such as {@code 2026-11-23.1}. It has no order: which is newer, the release's sequence says. */
public record BundleVersion(@JsonValue String value) {
    /** Also a folder's name on every system, hence neither dots nor dashes in front. */
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,38}[a-z0-9])?");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public BundleVersion {
        if (!LEGAL.matcher(value).matches() || value.contains("..")) {
            throw new BundleException("version: " + Text.quote(value)
                    + " (expected: 1 to 40 of a-z 0-9 . _ -, beginning and ending with a letter or digit)");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
