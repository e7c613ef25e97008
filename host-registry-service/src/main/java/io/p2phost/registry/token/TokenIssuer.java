package io.p2phost.registry.token;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.tokens.Jwt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;

/** Signs access tokens with the newest key. */
public final class TokenIssuer {
    private final KeyRing keys;
    private final TokenPolicy policy;
    private final InstantSource clock;

    public TokenIssuer(KeyRing keys, TokenPolicy policy, InstantSource clock) {
        this.keys = keys;
        this.policy = policy;
        this.clock = clock;
    }

    /** A token for the holder of an API key. */
    public AccessToken forApiKey(String keyId, Role role) {
        return issue("key:" + keyId, role, policy.apiKeyTokenLifetime());
    }

    /** A token for a host; its subject is the host's id. */
    public AccessToken forHost(HostId host) {
        return issue(host.value(), Role.HOST, policy.hostTokenLifetime());
    }

    private AccessToken issue(String subject, Role role, Duration lifetime) {
        Instant now = clock.instant();
        Instant expiresAt = Instant.ofEpochSecond(now.plus(lifetime).getEpochSecond());
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ServiceName.HOST_REGISTRY.id());
        claims.setSubject(subject);
        claims.setAudience(Jwt.ACCESS_AUDIENCE);
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(expiresAt.getEpochSecond()));
        claims.setStringListClaim(Jwt.ROLES, List.of(role.name()));
        SigningKey key = keys.signing();
        return new AccessToken(Jwt.sign(claims, key.privateKey(), key.kid(), Jwt.ACCESS_TYPE), expiresAt);
    }
}
