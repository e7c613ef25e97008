package io.p2phost.kit.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    @Test
    void whileTheKeysCannotBeReadNobodySaysThatATokenIsBad() throws Exception {
        try (TestTokens tokens = new TestTokens()) {
            JwksSource away = refresh -> {
                throw new IOException("connection refused");
            };
            TokenVerifier verifier = new TokenVerifier(
                    ServiceName.METRICS, ServiceKeys.parse(tokens.serviceKeys()), away, Clock.systemUTC());

            assertThatThrownBy(() -> verifier.verify(tokens.access("key:a", Role.ADMIN)))
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessage("token: the registry's keys cannot be read now");
            assertThatThrownBy(() -> verifier.verify("garbage")).isInstanceOf(InvalidTokenException.class);
            // Services do not depend on the registry to trust each other.
            assertThat(verifier.verify(tokens.service(ServiceName.RELAY, ServiceName.METRICS))
                            .service())
                    .isEqualTo(ServiceName.RELAY);
        }
    }
}
