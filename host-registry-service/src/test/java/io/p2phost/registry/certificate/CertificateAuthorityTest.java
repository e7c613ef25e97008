package io.p2phost.registry.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.MutableClock;
import io.p2phost.registry.refusal.Refused;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
    private final MutableClock clock = new MutableClock();
    private Optional<Authority> stored = Optional.empty();
    private final AuthorityStore store = new AuthorityStore() {
        @Override
        public Optional<Authority> load() {
            return stored;
        }

        @Override
        public boolean addIfAbsent(Authority authority, Instant now) {
            stored = stored.or(() -> Optional.of(authority));
            return stored.orElseThrow().equals(authority);
        }
    };
    private final CertificateAuthority authority = started();

    private CertificateAuthority started() {
        return new CertificateAuthority(
                store,
                new CertificatePolicy(Duration.ofHours(24), Duration.ofDays(3_650), Duration.ofMinutes(5)),
                clock,
                new SecureRandom());
    }

    @BeforeEach
    void firstStart() {
        authority.initialise();
    }

    private static KeyPair ec(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static String csr(KeyPair pair, KeyPair signer, String algorithm, GeneralName... names) throws Exception {
        JcaPKCS10CertificationRequestBuilder builder =
                new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=root"), pair.getPublic());
        if (names.length > 0) {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
        }
        PKCS10CertificationRequest request =
                builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()));
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(request);
        }
        return text.toString();
    }

    private static String goodCsr(GeneralName... names) throws Exception {
        KeyPair pair = ec("secp256r1");
        return csr(pair, pair, "SHA256withECDSA", names);
    }

    private static X509Certificate read(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    }

    private String refusal(String csr) {
        try {
            authority.forHost(HostId.random(), csr);
        } catch (Refused e) {
            assertThat(e.type()).isEqualTo(ProblemType.INVALID_VALUE);
            return e.detail();
        }
        throw new AssertionError("was not refused");
    }

    @Test
    void theAuthorityIsMadeOnceAndUsedEverAfter() throws Exception {
        CertificateAuthority second = started();
        second.initialise();

        assertThat(second.certificate()).isEqualTo(authority.certificate());
        assertThat(authority.certificate().getBasicConstraints()).isZero();
        authority.certificate().verify(authority.certificate().getPublicKey());
        assertThat(stored.orElseThrow().toString()).doesNotContain("Private");
    }

    @Test
    void aHostsLeafNamesTheHostForTwentyFourHoursAndCannotServe() throws Exception {
        HostId host = HostId.random();
        IssuedCertificate issued = authority.forHost(
                host,
                goodCsr(
                        new GeneralName(GeneralName.dNSName, "relay.example"),
                        new GeneralName(GeneralName.uniformResourceIdentifier, "urn:p2p:service:relay")));

        X509Certificate leaf = read(issued.certificate());
        leaf.verify(authority.certificate().getPublicKey());
        assertThat(read(issued.caBundle())).isEqualTo(authority.certificate());
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(6, "urn:p2p:host:" + host));
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getNotAfter().toInstant())
                .isEqualTo(issued.notAfter())
                .isEqualTo(clock.instant().plus(Duration.ofHours(24)));
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(clock.instant().minus(Duration.ofMinutes(5)));
    }

    @Test
    void aServicesLeafCarriesTheAddressesItAskedForAndNoForeignName() throws Exception {
        IssuedCertificate issued = authority.forService(
                ServiceName.RELAY,
                goodCsr(
                        new GeneralName(GeneralName.dNSName, "relay.example"),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                        new GeneralName(GeneralName.uniformResourceIdentifier, "urn:p2p:host:somebody")));

        assertThat(read(issued.certificate()).getSubjectAlternativeNames())
                .map(name -> String.valueOf(name.get(1)))
                .containsExactly("urn:p2p:service:relay", "relay.example", "127.0.0.1");
        assertThat(read(issued.certificate()).getExtendedKeyUsage())
                .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    }

    @Test
    void twoLeavesNeverShareASerialNumber() throws Exception {
        String csr = goodCsr();
        assertThat(read(authority.forHost(HostId.random(), csr).certificate()).getSerialNumber())
                .isNotEqualTo(read(authority.forHost(HostId.random(), csr).certificate())
                        .getSerialNumber());
    }

    @Test
    void requestsThatProveNothingAreRefused() throws Exception {
        assertThat(refusal("")).contains("expected: a PKCS#10 request in PEM");
        assertThat(refusal("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"))
                .contains("expected: a PKCS#10 request in PEM");
        assertThat(refusal(authority.forHost(HostId.random(), goodCsr()).certificate()))
                .contains("csr: something else");
        assertThat(refusal("x".repeat(8_193))).contains("csr: 8193 characters");
        assertThat(refusal(csr(ec("secp256r1"), ec("secp256r1"), "SHA256withECDSA")))
                .contains("its signature does not fit");
    }

    @Test
    void keysOfAnotherKindAreRefused() throws Exception {
        KeyPair p384 = ec("secp384r1");
        assertThat(refusal(csr(p384, p384, "SHA384withECDSA"))).contains("(expected: EC on P-256)");
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2_048);
        KeyPair pair = rsa.generateKeyPair();
        assertThat(refusal(csr(pair, pair, "SHA256withRSA"))).contains("its key is RSA");
    }

    @Test
    void noMoreThanSixteenAddressesAreCertified() throws Exception {
        List<GeneralName> names = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            names.add(new GeneralName(GeneralName.dNSName, "a" + i + ".example"));
        }
        assertThat(authority.forService(ServiceName.RELAY, goodCsr(names.toArray(GeneralName[]::new))))
                .isNotNull();
        names.add(new GeneralName(GeneralName.dNSName, "b.example"));
        assertThat(refusal(goodCsr(names.toArray(GeneralName[]::new)))).contains("csr: 17 addresses");
    }

    @Test
    void nothingIsIssuedBeforeTheAuthorityIsLoaded() throws Exception {
        String csr = goodCsr();
        assertThatThrownBy(() -> started().forHost(HostId.random(), csr))
                .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }
}
