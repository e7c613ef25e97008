package io.p2phost.links.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * What one side of a link proves itself with and trusts: a P-256 key, its certificate and the suite's CA.
 *
 * @param key private key of the first certificate
 * @param chain own certificate first, then the ones up to the CA, if any
 * @param authorities the CA certificates that peers must descend from
 */
public record TlsMaterial(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";

    public TlsMaterial {
        chain = List.copyOf(chain);
        authorities = List.copyOf(authorities);
        if (chain.isEmpty() || authorities.isEmpty()) {
            throw new IllegalArgumentException("certificates: " + chain.size() + " own, " + authorities.size()
                    + " authorities (expected: at least one of each)");
        }
        if (!Certificates.isP256(chain.getFirst().getPublicKey())) {
            throw new IllegalArgumentException(
                    "certificate key: " + chain.getFirst().getPublicKey().getAlgorithm() + " (expected: EC P-256)");
        }
    }

    /**
     * Reads PEM texts as the registry gives them.
     *
     * @param keyPem PKCS#8 private key
     * @throws IllegalArgumentException when a text is not what it should be; the key itself is never in the message
     */
    public static TlsMaterial ofPem(String keyPem, String certificatePem, String caBundlePem) {
        return new TlsMaterial(
                key(keyPem), certificates("certificate", certificatePem), certificates("caBundle", caBundlePem));
    }

    /** As {@link #ofPem}, with a key that never was text. */
    public static TlsMaterial of(PrivateKey key, String certificatePem, String caBundlePem) {
        return new TlsMaterial(key, certificates("certificate", certificatePem), certificates("caBundle", caBundlePem));
    }

    /** End of the own certificate's validity. */
    public Instant notAfter() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /** Start of the own certificate's validity. */
    public Instant notBefore() {
        return chain.getFirst().getNotBefore().toInstant();
    }

    SslContext serverContext(TlsProvider provider) {
        return build(LinkTls.server(SslContextBuilder.forServer(key, chain), provider));
    }

    SslContext clientContext() {
        return build(LinkTls.client(SslContextBuilder.forClient().keyManager(key, chain)));
    }

    private SslContext build(SslContextBuilder builder) {
        try {
            return builder.trustManager(authorities).build();
        } catch (IOException e) {
            throw new IllegalArgumentException("TLS: " + e.getMessage() + " (expected: a usable key and chain)", e);
        }
    }

    private static PrivateKey key(String pem) {
        int begin = pem.indexOf(KEY_BEGIN);
        int end = pem.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("key: no PEM block (expected: " + KEY_BEGIN + ")");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + KEY_BEGIN.length(), end));
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (InvalidKeySpecException | IllegalArgumentException e) {
            throw new IllegalArgumentException("key: unreadable (expected: PKCS#8, EC P-256)", e);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no EC keys", e);
        }
    }

    private static List<X509Certificate> certificates(String name, String pem) {
        try (InputStream in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException | IOException e) {
            throw new IllegalArgumentException(name + ": unreadable (expected: PEM certificates)", e);
        }
    }
}
