package io.p2phost.registry.token;

import io.p2phost.contracts.HostId;
import io.p2phost.kit.tokens.Jwt;
import io.p2phost.registry.crypto.HostKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When an assertion is believed: EdDSA, {@code iss = sub = host id}, {@code aud = p2p}, issued just now, gone within a
 * minute, with a {@code jti}, and signed by the host's key. Each fault is one sentence.
 */
final class AssertionRules {
    private static final String ALGORITHM = "EdDSA";
    private static final int MAX_JTI = 128;

    private final TokenPolicy policy;

    AssertionRules(TokenPolicy policy) {
        this.policy = policy;
    }

    /** The first fault in what the assertion says, or null. */
    @Nullable
    String fault(Assertion assertion, Instant now) {
        if (!assertion.algorithm().equals(ALGORITHM)) {
            return "alg: (expected: " + ALGORITHM + ")";
        }
        if (assertion.issuer() == null || !assertion.issuer().equals(assertion.subject())) {
            return "iss, sub: (expected: both the host's id)";
        }
        if (!isHostId(assertion.issuer())) {
            return "iss: (expected: a host's id)";
        }
        if (!assertion.audience().equals(List.of(Jwt.ACCESS_AUDIENCE))) {
            return "aud: (expected: " + Jwt.ACCESS_AUDIENCE + ")";
        }
        String jti = assertion.jti();
        if (jti == null || jti.isBlank() || jti.length() > MAX_JTI) {
            return "jti: (expected: 1 to " + MAX_JTI + " characters)";
        }
        return timeFault(assertion.issuedAt(), assertion.expiresAt(), now);
    }

    private @Nullable String timeFault(@Nullable Long issuedAt, @Nullable Long expiresAt, Instant now) {
        if (issuedAt == null || expiresAt == null) {
            return "iat, exp: missing (expected: both, in seconds since 1970)";
        }
        long lifetime = policy.maxAssertionLifetime().toSeconds();
        long skew = policy.clockSkew().toSeconds();
        long seconds = now.getEpochSecond();
        // Compared so that no sum of foreign numbers can overflow.
        if (expiresAt < issuedAt || expiresAt - lifetime > issuedAt) {
            return "exp: (expected: at most " + lifetime + " s after iat)";
        }
        if (issuedAt > seconds + skew) {
            return "iat: in the future (expected: at most " + skew + " s ahead of " + now + ")";
        }
        if (expiresAt <= seconds - skew) {
            return "exp: in the past (expected: after " + now.minusSeconds(skew) + ")";
        }
        return null;
    }

    /** Whether the compact JWS was signed with the host's key. */
    static boolean signedBy(String compact, HostKey key) {
        int end = compact.lastIndexOf('.');
        byte[] signature;
        try {
            signature = Base64.getUrlDecoder().decode(compact.substring(end + 1));
        } catch (IllegalArgumentException e) {
            return false;
        }
        return key.verifies(compact.substring(0, end).getBytes(StandardCharsets.US_ASCII), signature);
    }

    private static boolean isHostId(String text) {
        try {
            HostId.of(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
