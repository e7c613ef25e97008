package io.p2phost.registry.certificate;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.refusal.Refused;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Issues leaves on P-256. Whom a leaf speaks for stands in its URI name ({@code urn:p2p:host:<id>},
 * {@code urn:p2p:service:<id>}) and comes from the caller's token, never from the request.
 */
public class CertificateAuthority {
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BITS = 127;

    private final AuthorityStore store;
    private final CertificatePolicy policy;
    private final InstantSource clock;
    private final SecureRandom random;
    private volatile @Nullable Authority authority;

    public CertificateAuthority(
            AuthorityStore store, CertificatePolicy policy, InstantSource clock, SecureRandom random) {
        this.store = store;
        this.policy = policy;
        this.clock = clock;
        this.random = random;
    }

    /** Loads the authority or makes it at the first start; of several instances that try, one wins. */
    public void initialise() {
        Authority loaded = store.load().orElse(null);
        if (loaded == null) {
            store.addIfAbsent(generate(), clock.instant());
            loaded = store.load().orElseThrow(() -> new IllegalStateException("certificate authority: not stored"));
        }
        authority = loaded;
    }

    /** The certificate in which everybody in the suite trusts. */
    public X509Certificate certificate() {
        return current().certificate();
    }

    /** A leaf with which a host opens its tunnels. */
    public IssuedCertificate forHost(HostId host, String csr) {
        Csr request = parse(csr);
        return issue(request, "host " + host, List.of(uri("urn:p2p:host:" + host)), KeyPurposeId.id_kp_clientAuth);
    }

    /** A leaf with which a service accepts and opens connections at the addresses it asked for. */
    public IssuedCertificate forService(ServiceName service, String csr) {
        Csr request = parse(csr);
        List<GeneralName> names = new ArrayList<>();
        names.add(uri("urn:p2p:service:" + service.id()));
        names.addAll(request.addresses());
        return issue(
                request,
                "service " + service.id(),
                names,
                KeyPurposeId.id_kp_serverAuth,
                KeyPurposeId.id_kp_clientAuth);
    }

    private static Csr parse(String csr) {
        try {
            return Csr.parse(csr);
        } catch (IllegalArgumentException e) {
            throw new Refused(ProblemType.INVALID_VALUE, String.valueOf(e.getMessage()));
        }
    }

    private IssuedCertificate issue(Csr request, String who, List<GeneralName> names, KeyPurposeId... purposes) {
        Authority ca = current();
        Instant now = clock.instant();
        Instant notAfter = now.plus(policy.leafLifetime()).truncatedTo(ChronoUnit.SECONDS);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(ca.certificate().getSubjectX500Principal().getName()),
                    serial(),
                    Date.from(now.minus(policy.backdating())),
                    Date.from(notAfter),
                    new X500Name("CN=" + who),
                    request.publicKey());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions.createAuthorityKeyIdentifier(ca.certificate().getPublicKey()));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(request.publicKey()));
            X509Certificate leaf = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(ca.key())));
            return new IssuedCertificate(pem(leaf), pem(ca.certificate()), notAfter);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("certificate for " + who + ": cannot be made", e);
        }
    }

    private Authority generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            Instant now = clock.instant();
            X500Name name = new X500Name("CN=p2phost certificate authority");
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    serial(),
                    Date.from(now.minus(policy.backdating())),
                    Date.from(now.plus(policy.authorityLifetime())),
                    name,
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(pair.getPrivate())));
            return new Authority(certificate, pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("certificate authority: cannot be made", e);
        }
    }

    private Authority current() {
        Authority loaded = authority;
        if (loaded == null) {
            throw new Refused(ProblemType.UNAVAILABLE, "the certificate authority is not loaded yet");
        }
        return loaded;
    }

    private BigInteger serial() {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }

    private static GeneralName uri(String urn) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, urn);
    }

    private static String pem(X509Certificate certificate) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
