package io.p2phost.registry.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.ApiKeyFormat;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.registry.MutableClock;
import io.p2phost.registry.RecordedAudit;
import io.p2phost.registry.refusal.Refused;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ApiKeyRegistryTest {
    private final MutableClock clock = new MutableClock();
    private final InMemoryApiKeys keys = new InMemoryApiKeys();
    private final RecordedAudit audit = new RecordedAudit();
    private final ApiKeyRegistry registry = new ApiKeyRegistry(
            keys, audit, new ApiKeyPolicy(Duration.ofSeconds(60), Duration.ofDays(365)), clock, new SecureRandom());

    private IssuedApiKey created() {
        return registry.create("ops", Role.OPERATOR, null, "key:boss");
    }

    @Test
    void aNewKeyAuthenticatesItsHolder() {
        IssuedApiKey issued = created();

        assertThat(ApiKeyFormat.isApiKey(issued.secret())).isTrue();
        assertThat(registry.authenticate(issued.secret()).orElseThrow().role()).isEqualTo(Role.OPERATOR);
        assertThat(issued.toString()).doesNotContain(issued.secret());
        assertThat(audit.entries)
                .containsExactly("key:boss api-key.create key:" + issued.key().id() + " {label=ops, role=OPERATOR}");
    }

    @Test
    void theSecretIsKeptAsAHashOnly() {
        IssuedApiKey issued = created();

        assertThat(keys.byId(issued.key().id()).orElseThrow().secretHash()).isEqualTo(KeyHash.ofKey(issued.secret()));
        assertThat(keys.byId(issued.key().id()).orElseThrow().toString())
                .doesNotContain(issued.secret().substring(14));
    }

    @Test
    void aKeyWithTheRightIdAndAnotherSecretIsRefused() {
        String secret = created().secret();
        String other = secret.substring(0, secret.length() - 1) + (secret.endsWith("A") ? "B" : "A");

        assertThat(registry.authenticate(other)).isEmpty();
        assertThat(registry.authenticate("p2p_" + secret.substring(4, 12))).isEmpty();
        assertThat(registry.authenticate("")).isEmpty();
    }

    @Test
    void aRevokedKeyIsRefusedAndRevokingTwiceIsRecordedOnce() {
        IssuedApiKey issued = created();
        registry.revoke(issued.key().id(), "key:boss");
        registry.revoke(issued.key().id(), "key:boss");

        assertThat(registry.authenticate(issued.secret())).isEmpty();
        assertThat(audit.entries).hasSize(2);
    }

    @Test
    void anExpiredKeyIsRefused() {
        String secret = registry.create("ops", Role.VIEWER, clock.instant().plusSeconds(60), "key:boss")
                .secret();
        clock.pass(Duration.ofMillis(59_999));
        assertThat(registry.authenticate(secret)).isPresent();
        clock.pass(Duration.ofMillis(1));
        assertThat(registry.authenticate(secret)).isEmpty();
    }

    @Test
    void aKeysUseIsWrittenAtMostOncePerInterval() {
        String secret = created().secret();
        for (int i = 0; i < 100; i++) {
            registry.authenticate(secret);
            clock.pass(Duration.ofSeconds(1));
        }
        assertThat(keys.uses).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"HOST", "SERVICE"})
    void hostsAndServicesGetNoKeys(Role role) {
        assertThatThrownBy(() -> registry.create("x", role, null, "key:boss"))
                .hasMessage("role: " + role + " (expected: ADMIN, OPERATOR, VIEWER or PLAYER)");
    }

    @Test
    void badLabelsAndExpiriesAreRefused() {
        assertThatThrownBy(() -> registry.create(" ", Role.VIEWER, null, "a")).hasMessageContaining("label: \" \"");
        assertThatThrownBy(() -> registry.create("a\nb", Role.VIEWER, null, "a"))
                .hasMessageContaining("label: ");
        assertThatThrownBy(() -> registry.create("x".repeat(65), Role.VIEWER, null, "a"))
                .hasMessageContaining("label: ");
        assertThatThrownBy(() -> registry.create("x", Role.VIEWER, clock.instant(), "a"))
                .hasMessageContaining("expiresAt: ");
        assertThatThrownBy(
                        () -> registry.create("x", Role.VIEWER, clock.instant().plus(Duration.ofDays(366)), "a"))
                .hasMessageContaining("expiresAt: ");
    }

    @Test
    void theBootstrapKeyIsTheOneInTheSettingsAndNoOther() {
        String first = ApiKeyFormat.generate(new SecureRandom());
        String second = ApiKeyFormat.generate(new SecureRandom());
        registry.bootstrap(first);
        registry.bootstrap(first);
        assertThat(registry.authenticate(first).orElseThrow().role()).isEqualTo(Role.ADMIN);
        assertThat(audit.entries).hasSize(1);

        registry.bootstrap(second);
        assertThat(registry.authenticate(first)).isEmpty();
        assertThat(registry.authenticate(second)).isPresent();

        registry.bootstrap(first);
        assertThat(registry.authenticate(first)).as("the old key was put back").isPresent();
    }

    @Test
    void theBootstrapKeyIsNotRevokedByACall() {
        String secret = ApiKeyFormat.generate(new SecureRandom());
        registry.bootstrap(secret);

        assertThatThrownBy(() -> registry.revoke(ApiKeyFormat.idOf(secret), "key:boss"))
                .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.type()).isEqualTo(ProblemType.CONFLICT));
        assertThatThrownBy(() -> registry.revoke("unknown1", "key:boss"))
                .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.type()).isEqualTo(ProblemType.NOT_FOUND));
    }

    @Test
    void aBootstrapKeyOfAnotherFormStopsTheStart() {
        assertThatThrownBy(() -> registry.bootstrap("admin"))
                .hasMessageContaining("p2p.registry.admin-api-key: (expected: p2p_<id>_")
                .hasMessageNotContaining("admin\"");
    }
}
