package io.p2phost.registry.token;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * What a host's assertion (RFC 7523) says, read but not yet believed.
 *
 * @param issuedAt {@code iat} in seconds since 1970; null when missing
 * @param expiresAt {@code exp} in seconds since 1970; null when missing
 */
record Assertion(
        String algorithm,
        @Nullable String issuer,
        @Nullable String subject,
        List<String> audience,
        @Nullable Long issuedAt,
        @Nullable Long expiresAt,
        @Nullable String jti) {
    private static final int MAX_LENGTH = 2_048;

    /**
     * Reads a compact JWS without verifying it.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Assertion read(String compact) {
        if (compact.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "assertion: " + compact.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        if (compact.chars().filter(c -> c == '.').count() != 2) {
            throw new IllegalArgumentException("assertion: (expected: a compact JWS of three parts)");
        }
        try {
            JsonWebSignature jws = (JsonWebSignature) JsonWebSignature.fromCompactSerialization(compact);
            Map<String, Object> claims = JsonUtil.parseJson(jws.getUnverifiedPayload());
            return new Assertion(
                    Objects.requireNonNullElse(jws.getAlgorithmHeaderValue(), ""),
                    text(claims.get("iss")),
                    text(claims.get("sub")),
                    audience(claims.get("aud")),
                    seconds(claims.get("iat")),
                    seconds(claims.get("exp")),
                    text(claims.get("jti")));
        } catch (JoseException | ClassCastException | IllegalStateException e) {
            throw new IllegalArgumentException("assertion: (expected: a compact JWS with JSON claims)", e);
        }
    }

    private static @Nullable String text(@Nullable Object claim) {
        return claim instanceof String text ? text : null;
    }

    private static @Nullable Long seconds(@Nullable Object claim) {
        return claim instanceof Number number ? number.longValue() : null;
    }

    private static List<String> audience(@Nullable Object claim) {
        if (claim instanceof String one) {
            return List.of(one);
        }
        if (claim instanceof List<?> many && many.stream().allMatch(String.class::isInstance)) {
            return many.stream().map(String.class::cast).toList();
        }
        return List.of();
    }
}
