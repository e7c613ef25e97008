package io.p2phost.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;

class GatewayPropertiesTest {
    @Test
    void withoutSettingsTheDocumentedDefaultsHold() {
        GatewayProperties properties = bind(Map.of());

        assertThat(properties.allowPlainHttp()).isFalse();
        assertThat(properties.maxBody().toKilobytes()).isEqualTo(64);
        assertThat(properties.maxConfigBody().toKilobytes()).isEqualTo(256);
        assertThat(properties.maxBundleBody().toMegabytes()).isEqualTo(4);
        assertThat(properties.keys().remember()).isEqualTo(Duration.ofSeconds(60));
        assertThat(properties.keys().rememberRefused()).isEqualTo(Duration.ofSeconds(5));
        assertThat(properties.deadlines().connect()).isEqualTo(Duration.ofMillis(500));
        assertThat(properties.deadlines().total()).isEqualTo(Duration.ofSeconds(10));
        assertThat(properties.deadlines().entries()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "keys.remember,61s",
        "keys.remember-refused,61s",
        "keys.most,0",
        "max-body,1B",
        "max-config-body,65MB",
        "max-bundle-body,65MB",
        "max-response,65MB",
        "limits.caller-per-second,0",
        "limits.address-burst,0",
        "limits.bundle-burst,0",
        "limits.most,0",
        "deadlines.connect,0s",
        "deadlines.connect,11s",
        "deadlines.entries,11s",
        "breaker.window,1",
        "breaker.failure-percent,101",
        "breaker.open,10ms",
        "breaker.places,0",
        "breaker.bundle-places,0",
    })
    void aValueOutOfBoundsIsRefusedWithItsExpectation(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of("p2p.gateway." + key, value)))
                .rootCause()
                .hasMessageContaining("(expected:");
    }

    private static GatewayProperties bind(Map<String, String> settings) {
        return new Binder(
                        java.util.List.of(new MapConfigurationPropertySource(settings)),
                        null,
                        ApplicationConversionService.getSharedInstance(),
                        null)
                .bindOrCreate("p2p.gateway", GatewayProperties.class);
    }
}
