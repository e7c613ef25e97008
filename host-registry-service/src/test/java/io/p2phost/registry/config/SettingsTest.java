package io.p2phost.registry.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SettingsTest {
    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, Bindable.of(type));
    }

    @Test
    void theDefaultsAreTheNumbersOfTheDesign() {
        assertThat(bind("p2p.registry.lease", LeaseProperties.class, Map.of()).policy())
                .isEqualTo(io.p2phost.registry.host.LeasePolicy.standard());
        assertThat(bind("p2p.registry.token", TokenProperties.class, Map.of())
                        .policy()
                        .hostTokenLifetime())
                .hasHours(1);
        assertThat(bind("p2p.registry.enrolment", EnrolmentProperties.class, Map.of())
                        .policy()
                        .codeLifetime())
                .hasMinutes(15);
        assertThat(bind("p2p.registry.certificate", CertificateProperties.class, Map.of())
                        .policy()
                        .leafLifetime())
                .hasHours(24);
        assertThat(bind("p2p.registry.host", HostProperties.class, Map.of()).defaultMaxMaps())
                .isEqualTo(5);
        assertThat(bind("p2p.registry.relay", RelayProperties.class, Map.of()).lifetime())
                .hasSeconds(15);
        assertThat(bind("p2p.registry.db-proxy", DbProxyProperties.class, Map.of())
                        .port())
                .isEqualTo(5122);
        assertThat(bind("p2p.registry.api-key", ApiKeyProperties.class, Map.of())
                        .policy()
                        .lastUseInterval())
                .hasSeconds(60);
        assertThat(bind("p2p.registry.bundle", BundleProperties.class, Map.of()).policy())
                .isEqualTo(new io.p2phost.registry.bundle.BundlePolicy(
                        20_200_401, 5, 1L << 30, java.time.Duration.ofHours(24)));
    }

    @Test
    void allFaultsOfAGroupAreReportedAtOnce() {
        assertThatThrownBy(() -> bind(
                        "p2p.registry.lease",
                        LeaseProperties.class,
                        Map.of(
                                "p2p.registry.lease.heartbeat-interval", "6s",
                                "p2p.registry.lease.unhealthy-after", "20s",
                                "p2p.registry.lease.max-hosts", "0")))
                .rootCause()
                .hasMessageContaining(
                        "p2p.registry.lease.heartbeat-interval: PT6S (expected: <= PT5S, a third of duration)")
                .hasMessageContaining("p2p.registry.lease.unhealthy-after: PT20S (expected: between PT6S and PT15S)")
                .hasMessageContaining("p2p.registry.lease.max-hosts: 0 (expected: 1 to 1000000)");
        assertThatThrownBy(() -> bind(
                        "p2p.registry.enrolment",
                        EnrolmentProperties.class,
                        Map.of("p2p.registry.enrolment.code-length", "7")))
                .rootCause()
                .hasMessage("p2p.registry.enrolment.code-length: 7 (expected: 8 to 32)");
    }

    @Test
    void missingSecretsAreNamedAndNeverShown() {
        assertThatThrownBy(() -> bind("p2p.registry", SecretsProperties.class, Map.of()))
                .rootCause()
                .hasMessageContaining("p2p.registry.admin-api-key: missing")
                .hasMessageContaining("p2p.registry.key-encryption-key: missing");
        assertThat(new SecretsProperties("p2p_secret", "key").toString()).isEqualTo("SecretsProperties[***]");
    }
}
