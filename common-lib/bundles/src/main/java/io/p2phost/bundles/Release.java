package io.p2phost.bundles;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * That a version is the one to run. Its sequence grows with every release, so an old one shown again is recognised; to
 * go back is a new release with a higher sequence that names an older version.
 *
 * @param issuedAt for people to read; no machine's clock decides anything by it
 */
@JsonPropertyOrder({"version", "sequence", "issuedAt", "manifestSha256"})
public record Release(BundleVersion version, long sequence, Instant issuedAt, Sha256 manifestSha256) {
    public Release {
        if (sequence < 1) {
            throw new BundleException("sequence: " + sequence + " (expected: >= 1)");
        }
    }

    /** What is signed: one line per field behind a first line that no other signature of the suite begins with. */
    byte[] signedBytes() {
        return ("p2p-bundle-release 1\n" + version + "\n" + sequence + "\n" + issuedAt + "\n" + manifestSha256 + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
