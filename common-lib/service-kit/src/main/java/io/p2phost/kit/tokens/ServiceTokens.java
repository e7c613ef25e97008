package io.p2phost.kit.tokens;

import io.p2phost.contracts.ServiceName;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;

/** Tokens this service signs for its calls to others: one audience each, at most 60 s. */
public final class ServiceTokens {
    private static final Duration LIFETIME = Duration.ofSeconds(60);
    /** A token is used again until half of its life is over, which spares a signature per call. */
    private static final Duration REUSE = LIFETIME.dividedBy(2);

    private final ServiceName self;
    private final PrivateKey key;
    private final Clock clock;
    private final Map<ServiceName, Signed> current = new ConcurrentHashMap<>();

    public ServiceTokens(ServiceName self, String privateKey, Clock clock) {
        this.self = self;
        this.key = parse(privateKey);
        this.clock = clock;
    }

    /** A token for calls to that service. */
    public String tokenFor(ServiceName audience) {
        Instant now = clock.instant();
        return current.compute(audience, (to, old) -> old != null && now.isBefore(old.reuseUntil) ? old : sign(to, now))
                .token;
    }

    private Signed sign(ServiceName audience, Instant now) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(self.id());
        claims.setSubject(self.id());
        claims.setAudience(audience.id());
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.plus(LIFETIME).getEpochSecond()));
        return new Signed(Jwt.sign(claims, key, self.id(), Jwt.SERVICE_TYPE), now.plus(REUSE));
    }

    private static PrivateKey parse(String base64) {
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64.strip())));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "p2p.tokens.private-key: unreadable (expected: base64 of a PKCS#8 Ed25519 key)", e);
        }
    }

    private record Signed(String token, Instant reuseUntil) {}
}
