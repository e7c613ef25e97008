package io.p2phost.kit.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import java.io.IOException;
import java.security.Key;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens: EdDSA and nothing else, the type that the key belongs to, this service (or {@code p2p}) as audience,
 * not expired. Verified tokens are remembered until they expire.
 */
public final class TokenVerifier {
    private static final int MAX_TOKEN_LENGTH = 4_096;
    private static final int MAX_REMEMBERED = 20_000;
    private static final int CLOCK_SKEW_SECONDS = 5;
    private static final AlgorithmConstraints EDDSA_ONLY =
            new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA);

    private final ServiceName self;
    private final ServiceKeys serviceKeys;
    private final JwksSource jwks;
    private final Clock clock;
    private final Cache<String, Caller> verified =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

    public TokenVerifier(ServiceName self, ServiceKeys serviceKeys, JwksSource jwks, Clock clock) {
        this.self = self;
        this.serviceKeys = serviceKeys;
        this.jwks = jwks;
        this.clock = clock;
    }

    /**
     * Who the token speaks for.
     *
     * @throws InvalidTokenException when it is not accepted
     * @throws KeysUnavailableException when nobody can tell now
     */
    public Caller verify(String token) throws InvalidTokenException {
        if (token.length() > MAX_TOKEN_LENGTH) {
            throw new InvalidTokenException(
                    "token: " + token.length() + " characters (expected: at most " + MAX_TOKEN_LENGTH + ")");
        }
        Caller known = verified.getIfPresent(token);
        if (known != null) {
            if (clock.instant().isBefore(known.expiresAt())) {
                return known;
            }
            verified.invalidate(token);
            throw new InvalidTokenException("token: expired");
        }
        Caller caller = check(token);
        verified.put(token, caller);
        return caller;
    }

    private Caller check(String token) throws InvalidTokenException {
        try {
            JsonWebSignature jws = (JsonWebSignature) JsonWebSignature.fromCompactSerialization(token);
            String keyId = Objects.requireNonNullElse(jws.getKeyIdHeaderValue(), "");
            String type = Objects.requireNonNullElse(jws.getHeader("typ"), "");
            return switch (type) {
                case Jwt.SERVICE_TYPE -> serviceCaller(token, keyId);
                case Jwt.ACCESS_TYPE -> accessCaller(token, keyId);
                default -> throw new InvalidTokenException("token: of another type");
            };
        } catch (JoseException | ClassCastException e) {
            throw new InvalidTokenException("token: not a signed token");
        }
    }

    private Caller serviceCaller(String token, String keyId) throws InvalidTokenException {
        ServiceName from = ServiceName.byId(keyId)
                .orElseThrow(() -> new InvalidTokenException("token: signed by an unknown service"));
        PublicKey key = serviceKeys
                .keyOf(from)
                .orElseThrow(() -> new InvalidTokenException("token: no key is known for " + from));
        JwtClaims claims = claims(token, key, self.id(), from.id());
        return new Caller(from.id(), Set.of(Role.SERVICE), from, expiry(claims));
    }

    private Caller accessCaller(String token, String keyId) throws InvalidTokenException {
        JwtClaims claims = claims(token, accessKey(keyId), Jwt.ACCESS_AUDIENCE, ServiceName.HOST_REGISTRY.id());
        try {
            Set<Role> roles = new TreeSet<>();
            for (String role : claims.getStringListClaimValue(Jwt.ROLES)) {
                roles.add(Role.valueOf(role));
            }
            if (roles.isEmpty() || roles.contains(Role.SERVICE)) {
                throw new InvalidTokenException("token: without a usable role");
            }
            return new Caller(claims.getSubject(), roles, null, expiry(claims));
        } catch (MalformedClaimException | IllegalArgumentException e) {
            throw new InvalidTokenException("token: malformed claims");
        }
    }

    private Key accessKey(String keyId) throws InvalidTokenException {
        try {
            @Nullable Key key = find(jwks.keys(false), keyId).orElse(null);
            if (key == null) {
                key = find(jwks.keys(true), keyId).orElse(null);
            }
            if (key == null) {
                throw new InvalidTokenException("token: signed by an unknown key");
            }
            return key;
        } catch (IOException | JoseException e) {
            throw new KeysUnavailableException(e);
        }
    }

    private static Optional<Key> find(List<org.jose4j.jwk.JsonWebKey> keys, String keyId) {
        return keys.stream()
                .filter(k -> keyId.equals(k.getKeyId()))
                .map(org.jose4j.jwk.JsonWebKey::getKey)
                .findFirst();
    }

    private JwtClaims claims(String token, Key key, String audience, String issuer) throws InvalidTokenException {
        try {
            return new JwtConsumerBuilder()
                    .setJwsAlgorithmConstraints(EDDSA_ONLY)
                    .setVerificationKey(key)
                    .setExpectedAudience(audience)
                    .setExpectedIssuer(issuer)
                    .setRequireExpirationTime()
                    .setRequireSubject()
                    .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
                    .setEvaluationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond()))
                    .build()
                    .processToClaims(token);
        } catch (InvalidJwtException e) {
            throw new InvalidTokenException(e.hasExpired() ? "token: expired" : "token: not accepted");
        }
    }

    private static Instant expiry(JwtClaims claims) throws InvalidTokenException {
        try {
            return Instant.ofEpochSecond(claims.getExpirationTime().getValue());
        } catch (MalformedClaimException e) {
            throw new InvalidTokenException("token: malformed claims");
        }
    }
}
