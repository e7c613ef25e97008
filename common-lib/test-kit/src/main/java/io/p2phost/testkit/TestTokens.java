package io.p2phost.testkit;

import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/**
 * Keys of all services and of a registry for one test, and tokens signed with them. {@link #registryUrl()} serves the
 * registry's public keys as the real one does.
 */
public final class TestTokens implements AutoCloseable {
    private static final String REGISTRY_KEY_ID = "test-signing-key";

    private final Map<ServiceName, KeyPair> services = new EnumMap<>(ServiceName.class);
    private final KeyPair registryKey = ed25519();
    private final HttpServer jwks;

    public TestTokens() {
        for (ServiceName service : ServiceName.values()) {
            services.put(service, ed25519());
        }
        try {
            jwks = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] body = jwksOf(Map.of(REGISTRY_KEY_ID, registryKey)).getBytes(StandardCharsets.UTF_8);
        jwks.createContext("/internal/v1/jwks", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        jwks.start();
    }

    /** A stand-in for the registry that knows nothing but its public keys. */
    public String registryUrl() {
        return "http://127.0.0.1:" + jwks.getAddress().getPort();
    }

    /** {@code p2p.tokens.private-key} of a service. */
    public String privateKeyOf(ServiceName service) {
        return Base64.getEncoder().encodeToString(keyOf(service).getEncoded());
    }

    /** {@code p2p.tokens.service-keys}: all services' public keys. */
    public String serviceKeys() {
        Map<String, KeyPair> byId = new java.util.TreeMap<>();
        services.forEach((service, pair) -> byId.put(service.id(), pair));
        return jwksOf(byId);
    }

    /** An access token of the registry, valid for five minutes. */
    public String access(String subject, Role... roles) {
        return access(registryKey.getPrivate(), subject, Duration.ofMinutes(5), roles);
    }

    /** An access token that has expired. */
    public String expiredAccess(String subject, Role... roles) {
        return access(registryKey.getPrivate(), subject, Duration.ofMinutes(-5), roles);
    }

    /** An access token signed by somebody else under the registry's key id. */
    public String forgedAccess(String subject, Role... roles) {
        return access(ed25519().getPrivate(), subject, Duration.ofMinutes(5), roles);
    }

    /** A token of one service for a call to another. */
    public String service(ServiceName from, ServiceName to) {
        JwtClaims claims = claims(from.id(), from.id(), to.id(), Duration.ofSeconds(60));
        return sign(claims, keyOf(from), from.id(), "p2p-service+jwt");
    }

    private PrivateKey keyOf(ServiceName service) {
        return java.util.Objects.requireNonNull(services.get(service)).getPrivate();
    }

    private static String access(PrivateKey key, String subject, Duration lifetime, Role... roles) {
        JwtClaims claims = claims(ServiceName.HOST_REGISTRY.id(), subject, "p2p", lifetime);
        claims.setStringListClaim("roles", Arrays.stream(roles).map(Role::name).toList());
        return sign(claims, key, REGISTRY_KEY_ID, "p2p-access+jwt");
    }

    private static JwtClaims claims(String issuer, String subject, String audience, Duration lifetime) {
        Instant now = Instant.now();
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setSubject(subject);
        claims.setAudience(audience);
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.plus(lifetime).getEpochSecond()));
        return claims;
    }

    private static String sign(JwtClaims claims, PrivateKey key, String keyId, String type) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setKeyIdHeaderValue(keyId);
        jws.setHeader("typ", type);
        jws.setPayload(claims.toJson());
        jws.setKey(key);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String jwksOf(Map<String, KeyPair> pairs) {
        List<JsonWebKey> keys = new ArrayList<>();
        pairs.forEach((id, pair) -> {
            try {
                PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
                key.setKeyId(id);
                keys.add(key);
            } catch (JoseException e) {
                throw new IllegalStateException(e);
            }
        });
        return new JsonWebKeySet(keys).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    private static KeyPair ed25519() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        jwks.stop(0);
    }
}
