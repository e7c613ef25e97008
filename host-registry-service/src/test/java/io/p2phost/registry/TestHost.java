package io.p2phost.registry;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** A player's machine: its key and what it sends. */
final class TestHost {
    final KeyPair key = keyPair("Ed25519");
    String id = "";
    String token = "";

    static KeyPair keyPair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String publicKey() {
        // The raw key is the last 32 bytes of its X.509 form (RFC 8410).
        byte[] encoded = ((EdECPublicKey) key.getPublic()).getEncoded();
        return Base64.getEncoder()
                .encodeToString(java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    String sign(String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Map<String, Object> redemption(String code) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("publicKey", publicKey());
        body.put("proof", sign(code));
        body.put("name", "my pc");
        body.put("region", "EU");
        return body;
    }

    JwtClaims claims() {
        Instant now = Instant.now();
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(id);
        claims.setSubject(id);
        claims.setAudience("p2p");
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.getEpochSecond() + 60));
        claims.setJwtId(UUID.randomUUID().toString());
        return claims;
    }

    String assertion() {
        return assertion(claims());
    }

    String assertion(JwtClaims claims) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setPayload(claims.toJson());
        jws.setKey(key.getPrivate());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static String csr() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return csr(generator.generateKeyPair(), "SHA256withECDSA");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String csr(KeyPair pair, String algorithm) {
        try {
            StringWriter text = new StringWriter();
            try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
                writer.writeObject(
                        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=somebody else"), pair.getPublic())
                                .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, Object> machine() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("cpuGhz", 3.6);
        body.put("cpuCores", 8);
        body.put("ramGb", 32);
        body.put("networkMbps", 500);
        body.put("os", "Linux");
        body.put("agentVersion", "0.1.0");
        return body;
    }

    static Map<String, Object> load(double cpuPercent) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("cpuPercent", cpuPercent);
        body.put("memoryPercent", 40);
        body.put("networkPercent", 3);
        body.put("latencyMs", 20);
        body.put("packetLossPercent", 0);
        body.put("maps", List.of());
        return body;
    }
}
