package io.p2phost.links.testing;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.tls.PeerIdentity;
import io.p2phost.links.tls.TlsMaterial;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A certificate authority of a test's own. */
public final class TestAuthority {
    private static final Duration DAY = Duration.ofHours(24);

    private final SecureRandom random = new SecureRandom();
    private final KeyPair key = newKey("secp256r1");
    private final X509Certificate certificate;

    public TestAuthority() {
        certificate =
                sign("CN=test authority", key.getPublic(), null, Instant.now().plus(DAY), true);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public TlsMaterial host(HostId host) {
        return leaf(PeerIdentity.HOST_URN + host.value());
    }

    public TlsMaterial service(ServiceName service) {
        return leaf(PeerIdentity.SERVICE_URN + service.id());
    }

    /** A leaf with that URN. */
    public TlsMaterial leaf(String urn) {
        return leaf(urn, Instant.now().plus(DAY));
    }

    public TlsMaterial leaf(String urn, Instant notAfter) {
        KeyPair own = newKey("secp256r1");
        return new TlsMaterial(
                own.getPrivate(),
                List.of(sign("CN=leaf", own.getPublic(), urn, notAfter, false)),
                List.of(certificate));
    }

    /** What the registry answers to a certificate request in PEM. */
    public X509Certificate issue(String csrPem, String urn, Instant notAfter) {
        try {
            byte[] der = Base64.getMimeDecoder()
                    .decode(csrPem.replaceAll("-----[A-Z ]+-----", "").trim());
            PublicKey subject = new JcaPKCS10CertificationRequest(new PKCS10CertificationRequest(der)).getPublicKey();
            return sign("CN=leaf", subject, urn, notAfter, false);
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalArgumentException("csr: unreadable", e);
        }
    }

    /** A certificate as PEM. */
    public static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** DER as PEM. */
    public static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type
                + "-----\n";
    }

    public static KeyPair newKey(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs any certificate. */
    public X509Certificate sign(
            String subject,
            PublicKey subjectKey,
            @org.jspecify.annotations.Nullable String urn,
            Instant notAfter,
            boolean authority) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=test authority"),
                    new BigInteger(64, random),
                    Date.from(Instant.now().minus(DAY)),
                    Date.from(notAfter),
                    new X500Principal(subject),
                    subjectKey);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (urn != null) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, urn)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        } catch (GeneralSecurityException | java.io.IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
