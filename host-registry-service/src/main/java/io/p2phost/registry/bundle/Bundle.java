package io.p2phost.registry.bundle;

import io.p2phost.bundles.BundleVersion;
import io.p2phost.bundles.Sha256;
import io.p2phost.bundles.SignedRelease;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version that is kept.
 *
 * @param released null while its pieces are still coming
 */
public record Bundle(
        BundleVersion version,
        Sha256 manifestSha256,
        Content content,
        String begunBy,
        Instant begunAt,
        @Nullable Released released) {
    /** What its manifest says, in figures. */
    public record Content(int packetVersion, int maps, int files, long totalBytes) {}

    /** Its newest release: going back to a version releases it again. */
    public record Released(SignedRelease signed, String by) {
        public long sequence() {
            return signed.release().sequence();
        }
    }

    Bundle released(SignedRelease signed, String by) {
        return new Bundle(version, manifestSha256, content, begunBy, begunAt, new Released(signed, by));
    }
}
