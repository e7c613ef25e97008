package io.p2phost.links.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.ServiceName;
import io.p2phost.links.testing.TestAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class CertificateRenewalTest {
    private final Instant now = Instant.now();

    private final TestAuthority authority = new TestAuthority();
    private final RotatingTls tls = RotatingTls.accepting(TlsProvider.JDK);
    private final Queue<RuntimeException> failures = new ArrayDeque<>();
    private String urn = "urn:p2p:service:relay";
    private Duration life = Duration.ofHours(24);
    private final CertificateRenewal renewal = new CertificateRenewal(
            ServiceName.RELAY, List.of("relay.example", "203.0.113.7"), this::issue, tls, () -> now);

    private CertificateRenewal.Issued issue(String csr) {
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
        X509Certificate leaf = authority.issue(csr, urn, now.plus(life));
        return new CertificateRenewal.Issued(TestAuthority.pem(leaf), TestAuthority.pem(authority.certificate()));
    }

    @Test
    void certificateIsRenewedAtTwoThirdsOfItsLife() {
        Duration wait = renewal.renew();

        assertThat(wait).isBetween(Duration.ofHours(16).minusSeconds(2), Duration.ofHours(16));
        assertThat(renewal.problem()).isEmpty();
        X509Certificate first = tls.material().chain().getFirst();

        renewal.renew();

        assertThat(tls.material().chain().getFirst().getPublicKey())
                .as("a new key each time")
                .isNotEqualTo(first.getPublicKey());
    }

    @Test
    void refusalIsRetriedWithBackoffAndSaid() {
        failures.add(new IllegalStateException("host-registry is not available"));
        failures.add(new IllegalStateException("host-registry is not available"));

        assertThat(renewal.renew()).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
        assertThat(renewal.problem()).contains("no link certificate: host-registry is not available");
        assertThat(renewal.renew()).isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));

        renewal.renew();
        assertThat(renewal.problem()).isEmpty();
    }

    @Test
    void failedRenewalKeepsTheOldCertificate() {
        renewal.renew();
        X509Certificate first = tls.material().chain().getFirst();
        failures.add(new IllegalStateException("down"));

        renewal.renew();

        assertThat(tls.material().chain().getFirst()).isEqualTo(first);
        assertThat(renewal.problem()).isEmpty();
    }

    @Test
    void certificateOfAnotherPartIsNotUsed() {
        urn = "urn:p2p:service:gateway";

        renewal.renew();

        assertThat(renewal.problem().orElse("")).contains("expected: urn:p2p:service:relay");
        assertThat(tls.isLoaded()).isFalse();
    }

    @Test
    void expiredCertificateIsNotUsed() {
        life = Duration.ofSeconds(-5);

        renewal.renew();

        assertThat(renewal.problem().orElse("")).contains("expected: later than now");
    }

    @Test
    void requestCarriesKeyNameAndAddressesAsTheRegistryReadsThem() throws Exception {
        CertificateRequest request = CertificateRequest.create("relay", List.of("relay.example", "203.0.113.7"));

        var parsed = new org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest(
                (org.bouncycastle.pkcs.PKCS10CertificationRequest)
                        new org.bouncycastle.openssl.PEMParser(new java.io.StringReader(request.pem())).readObject());

        assertThat(parsed.getPublicKey()).isEqualTo(request.publicKey());
        assertThat(parsed.getSubject()).hasToString("CN=relay");
        assertThat(parsed.isSignatureValid(new org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder()
                        .build(parsed.getPublicKey())))
                .isTrue();
        var extensions = org.bouncycastle.asn1.x509.Extensions.getInstance(
                parsed.getAttributes()[0].getAttrValues().getObjectAt(0));
        var names = org.bouncycastle.asn1.x509.GeneralNames.fromExtensions(
                extensions, org.bouncycastle.asn1.x509.Extension.subjectAlternativeName);
        assertThat(names.getNames()).hasSize(2).extracting(n -> n.getTagNo()).containsExactly(2, 7);
    }
}
