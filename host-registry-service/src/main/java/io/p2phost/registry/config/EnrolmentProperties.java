package io.p2phost.registry.config;

import io.p2phost.registry.enrolment.EnrolmentPolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Enrolment of machines.
 *
 * @param codeLifetime how long a code can be redeemed; longer is kinder to players and gives guessers more time
 * @param codeLength characters of a code, about 5 bits each
 * @param maxHostsPerAccount how many hosts an account may have, blacklisted ones included
 * @param maxOpenCodesPerAccount how many unused codes an account may have at once
 * @param keepExpired how long an unused code is still answered with "expired" before it is forgotten
 */
@ConfigurationProperties("p2p.registry.enrolment")
record EnrolmentProperties(
        @DefaultValue("15m") Duration codeLifetime,
        @DefaultValue("10") int codeLength,
        @DefaultValue("5") int maxHostsPerAccount,
        @DefaultValue("10") int maxOpenCodesPerAccount,
        @DefaultValue("30d") Duration keepExpired) {
    EnrolmentProperties {
        new Faults("p2p.registry.enrolment")
                .between("code-lifetime", codeLifetime, Duration.ofMillis(100), Duration.ofDays(7))
                .between("code-length", codeLength, 8, 32)
                .between("max-hosts-per-account", maxHostsPerAccount, 1, 1_000)
                .between("max-open-codes-per-account", maxOpenCodesPerAccount, 1, 1_000)
                .between("keep-expired", keepExpired, Duration.ofHours(1), Duration.ofDays(3_650))
                .raise();
    }

    EnrolmentPolicy policy() {
        return new EnrolmentPolicy(codeLifetime, codeLength, maxHostsPerAccount, maxOpenCodesPerAccount);
    }
}
