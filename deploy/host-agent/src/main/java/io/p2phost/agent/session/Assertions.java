package io.p2phost.agent.session;

import io.p2phost.agent.home.HostKey;
import io.p2phost.contracts.HostId;
import java.time.Instant;
import java.util.UUID;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** Makes the short-lived statements "I am this host" that the registry exchanges for tokens (RFC 7523). */
final class Assertions {
    static final String AUDIENCE = "p2p";
    static final long LIFE_SECONDS = 50;

    private Assertions() {}

    static String sign(HostId host, HostKey key, Instant serverNow) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(host.value());
        claims.setSubject(host.value());
        claims.setAudience(AUDIENCE);
        claims.setIssuedAt(NumericDate.fromSeconds(serverNow.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(serverNow.getEpochSecond() + LIFE_SECONDS));
        claims.setJwtId(UUID.randomUUID().toString());
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(key.privateKey());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        signature.setAlgorithmConstraints(
                new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA));
        signature.setHeader("typ", "JWT");
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("EdDSA signing failed", e);
        }
    }
}
