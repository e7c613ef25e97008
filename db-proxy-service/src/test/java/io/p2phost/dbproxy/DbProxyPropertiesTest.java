package io.p2phost.dbproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.p2phost.dbproxy.mux.Outside;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DbProxyPropertiesTest {
    private static DbProxyProperties bind(Map<String, String> settings) {
        Map<String, String> named = new HashMap<>();
        settings.forEach((name, value) -> named.put("p2p.db-proxy." + name, value));
        return new Binder(new MapConfigurationPropertySource(named))
                .bindOrCreate("p2p.db-proxy", DbProxyProperties.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "instances | db-proxy-2:8085 | addresses as http://db-proxy-2:8085",
                "relay-push-deadline | 6s | above 0, at most 5 s",
                "relay-alive-for | 4s | >= 5 s, a relay's own interval",
                "port | 65536 | 0 to 65535",
                "public-host | '' | a host name or address",
                "upstream | char | host:port of the char-server",
                "upstream | :6121 | host:port of the char-server",
                "upstream | char:66121 | host:port of the char-server",
                "upstream | char:6121,char:6131 | host:port of the char-server",
                "core-upstream | http://char:6121 | host:port of the char-server",
                "upstream-user | '' | 1 to 23 characters",
                "front | relay.example:7000 | an IPv4 address and a port",
                "layout | /nowhere |",
                "vps.port | -1 | 0 to 65535",
                "vps.from | 10.0.0.0/33 |",
                "vps.reserve-user | s1 | another than upstream-user",
                "saves.rare-items-wait | 366d | 0 to 365 days",
                "upstream-timeout | 11s | above 0, at most 10 s",
                "link-loss-grace | 0s | above 0, at most 60 s",
                "event-loop-threads | 257 | 0 to 256",
                "hosts.max-connections | 0 | >= 1",
                "hosts.max-per-address | 4001 | 1 to max-connections",
                "hosts.per-second | 0 | above 0",
                "hosts.max-entering | 0 | >= 1",
                "hosts.stalled-after | 1s | 2 s to 10 min"
            })
    void wrongValueStopsTheStartAndSaysWhatWasExpected(String name, String value, String expected) {
        assertThatThrownBy(() -> bind(Map.of(name, value)))
                .rootCause()
                .hasMessageContaining("p2p.db-proxy." + name + ": ")
                .hasMessageContaining(expected == null ? value : "(expected: " + expected);
    }

    @Test
    void passwordIsNotShown() {
        assertThatThrownBy(() -> bind(Map.of("upstream-password", "p".repeat(24))))
                .rootCause()
                .hasMessageContaining("p2p.db-proxy.upstream-password: (not shown)")
                .hasMessageNotContaining("ppp");
    }

    @Test
    void charServerMayBeNamedOrNumbered() {
        assertThat(bind(Map.of("upstream", "char:6121"))
                        .upstreamAddress(Outside.Slot.CORE)
                        .getHostString())
                .isEqualTo("char");
        assertThat(bind(Map.of("upstream", "::1:6121"))
                        .upstreamAddress(Outside.Slot.CORE)
                        .getPort())
                .isEqualTo(6_121);
    }
}
