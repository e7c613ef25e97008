package io.p2phost.kit.tokens;

import java.security.PrivateKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** Signing of tokens. Explicit types (RFC 8725 §3.11) keep one kind of token from being taken for another. */
public final class Jwt {
    /** A token the registry issues to a host or for an API key. */
    public static final String ACCESS_TYPE = "p2p-access+jwt";

    /** A token a service signs for one call to one other service. */
    public static final String SERVICE_TYPE = "p2p-service+jwt";

    /** Audience of access tokens. */
    public static final String ACCESS_AUDIENCE = "p2p";

    /** Claim that holds the roles of an access token. */
    public static final String ROLES = "roles";

    private Jwt() {}

    /** Signs the claims with Ed25519 and returns the compact form. */
    public static String sign(JwtClaims claims, PrivateKey key, String keyId, String type) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setKeyIdHeaderValue(keyId);
        jws.setHeader("typ", type);
        jws.setPayload(claims.toJson());
        jws.setKey(key);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("token: cannot be signed (expected: an Ed25519 private key)", e);
        }
    }
}
