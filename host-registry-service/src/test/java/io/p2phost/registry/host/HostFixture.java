package io.p2phost.registry.host;

import io.p2phost.contracts.HostId;
import io.p2phost.registry.crypto.HostKey;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;

/** Hosts and machines for tests. */
public final class HostFixture {
    public static final Instant ENROLLED_AT = Instant.parse("2026-11-21T09:00:00Z");
    public static final Capability GOOD = new Capability(3.6, 8, 32, 500, 5, "Linux", "0.1.0");
    public static final Load IDLE = new Load(5, 30, 1, 20, 0);

    private HostFixture() {}

    public static HostKey anyKey() {
        try {
            byte[] encoded = KeyPairGenerator.getInstance("Ed25519")
                    .generateKeyPair()
                    .getPublic()
                    .getEncoded();
            return HostKey.of(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Host anEnrolledHost() {
        return anEnrolledHost(2_000_001, "EU");
    }

    public static Host anEnrolledHost(long accountId, String region) {
        return Host.enrolled(HostId.random(), accountId, "label", "my pc", region, anyKey(), ENROLLED_AT);
    }

    public static Host aReadyHost() {
        return anEnrolledHost().join(GOOD, 2, null, ENROLLED_AT.plusSeconds(1));
    }
}
