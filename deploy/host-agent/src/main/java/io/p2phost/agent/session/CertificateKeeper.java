package io.p2phost.agent.session;

import io.p2phost.agent.Time;
import io.p2phost.agent.gateway.GatewayClient;
import io.p2phost.agent.gateway.GatewayException;
import io.p2phost.agent.gateway.Messages.Certificate;
import io.p2phost.agent.serving.LinkCredentials;
import io.p2phost.contracts.HostId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The host's P-256 link certificate, with a new key each time, renewed at two thirds of its life. The key lives in
 * memory only: after a restart the agent asks for another. Not thread-safe.
 */
final class CertificateKeeper {
    private final GatewayClient gateway;
    private final HostId host;
    private final Time time;
    private @Nullable LinkCredentials current;
    private long renewAtNanos;
    private long expiresAtNanos;

    CertificateKeeper(GatewayClient gateway, HostId host, Time time) {
        this.gateway = gateway;
        this.host = host;
        this.time = time;
    }

    /** Credentials that are still valid, or null before the first certificate and after the last one ran out. */
    @Nullable
    LinkCredentials current() {
        return current != null && time.nanos() - expiresAtNanos < 0 ? current : null;
    }

    boolean renewalDue() {
        return current == null || time.nanos() - renewAtNanos >= 0;
    }

    /** Asks for a new certificate with a new key. */
    LinkCredentials renew(String token) {
        KeyPair pair = newPair();
        Certificate answer = gateway.certificate(host, token, csr(pair));
        LinkCredentials fresh = new LinkCredentials(
                pair.getPrivate(), parse(answer.certificate()), parse(answer.caBundle()), answer.notAfter());
        if (!fresh.chain().getFirst().getPublicKey().equals(pair.getPublic())) {
            throw new GatewayException.Unreachable("the certificate is not for the key that was sent");
        }
        Duration life = Duration.between(gateway.serverNow(), answer.notAfter());
        long lifeNanos = Math.max(0, life.toNanos());
        renewAtNanos = time.nanos() + lifeNanos * 2 / 3;
        expiresAtNanos = time.nanos() + lifeNanos;
        current = fresh;
        return fresh;
    }

    private static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no P-256", e);
        }
    }

    private String csr(KeyPair pair) {
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                            new GeneralName(GeneralName.uniformResourceIdentifier, "urn:p2p:host:" + host.value())));
            var request = new JcaPKCS10CertificationRequestBuilder(
                            new X500Principal("CN=" + host.value()), pair.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
            StringWriter text = new StringWriter();
            try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
                pem.writeObject(request);
            }
            return text.toString();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate request could not be made", e);
        }
    }

    private static List<X509Certificate> parse(String pem) {
        try {
            List<X509Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (certificates.isEmpty()) {
                throw new GatewayException.Unreachable("the certificate answer holds no certificate");
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new GatewayException.Unreachable("the certificate answer cannot be read: " + e.getMessage(), e);
        }
    }
}
