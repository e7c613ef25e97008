package io.p2phost.agent;

import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A certificate authority for tests, as the registry is one in production. */
public final class TestAuthority {
    /** A key with its certificate. */
    public record Leaf(PrivateKey key, X509Certificate certificate) {}

    private final KeyPair pair = newPair();
    private final X509Certificate certificate;
    private final AtomicLong serial = new AtomicLong(2);

    public TestAuthority() {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=test authority"),
                    BigInteger.ONE,
                    Date.from(Instant.now().minusSeconds(60)),
                    Date.from(Instant.now().plus(Duration.ofDays(1))),
                    new X500Principal("CN=test authority"),
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            certificate = sign(builder);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** A leaf as relay and db-proxy have one. */
    public Leaf serviceLeaf(String service) {
        KeyPair leafPair = newPair();
        return new Leaf(
                leafPair.getPrivate(),
                issue(
                        leafPair.getPublic(),
                        new GeneralNames(new GeneralName[] {
                            new GeneralName(GeneralName.uniformResourceIdentifier, "urn:p2p:service:" + service),
                            new GeneralName(GeneralName.dNSName, "localhost"),
                            new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                        }),
                        Instant.now().plus(Duration.ofHours(1))));
    }

    public X509Certificate issue(java.security.PublicKey key, GeneralNames names, Instant notAfter) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=test authority"),
                    BigInteger.valueOf(serial.getAndIncrement()),
                    Date.from(Instant.now().minusSeconds(60)),
                    Date.from(notAfter),
                    new X500Principal("CN=leaf"),
                    key);
            builder.addExtension(Extension.subjectAlternativeName, false, names);
            return sign(builder);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers a CSR for the host; refuses one whose own signature or name is wrong. */
    public String issueFor(String csrPem, String hostId, Instant notAfter) {
        try (PEMParser parser = new PEMParser(new StringReader(csrPem))) {
            JcaPKCS10CertificationRequest csr =
                    new JcaPKCS10CertificationRequest((PKCS10CertificationRequest) parser.readObject());
            if (!csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(csr.getPublicKey()))) {
                throw new IllegalStateException("csr: signature");
            }
            GeneralNames names =
                    GeneralNames.fromExtensions(csr.getRequestedExtensions(), Extension.subjectAlternativeName);
            if (!names.getNames()[0].getName().toString().equals("urn:p2p:host:" + hostId)) {
                throw new IllegalStateException("csr: " + names);
            }
            return pem(issue(csr.getPublicKey(), names, notAfter));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public String pem(X509Certificate any) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(any);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private X509Certificate sign(JcaX509v3CertificateBuilder builder) throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
