package io.p2phost.registry.config;

import io.p2phost.registry.certificate.CertificatePolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Certificates.
 *
 * @param leafLifetime how long a leaf is good; there is no revocation list, so this is also how long a stolen one works
 *     against a server that does not ask for the host's state
 * @param authorityLifetime how long the authority made at the first start is good
 * @param backdating how long before its issue a leaf is already valid, for clocks that are behind
 */
@ConfigurationProperties("p2p.registry.certificate")
record CertificateProperties(
        @DefaultValue("24h") Duration leafLifetime,
        @DefaultValue("3650d") Duration authorityLifetime,
        @DefaultValue("5m") Duration backdating) {
    CertificateProperties {
        new Faults("p2p.registry.certificate")
                .between("leaf-lifetime", leafLifetime, Duration.ofMinutes(5), Duration.ofDays(30))
                .between("authority-lifetime", authorityLifetime, Duration.ofDays(60), Duration.ofDays(36_500))
                .between("backdating", backdating, Duration.ZERO, Duration.ofHours(1))
                .raise();
    }

    CertificatePolicy policy() {
        return new CertificatePolicy(leafLifetime, authorityLifetime, backdating);
    }
}
