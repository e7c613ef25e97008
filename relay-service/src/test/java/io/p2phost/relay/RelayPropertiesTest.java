package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class RelayPropertiesTest {
    @Test
    void settingsCanBeGivenAsEnvironmentVariables() {
        RelayProperties properties = bind(Map.of(
                "P2P_RELAY_PUBLIC_HOST", "relay.example.org",
                "P2P_RELAY_API_URL", "http://relay:8086",
                "P2P_RELAY_FRONT_PORTS", "7000,7001",
                "P2P_RELAY_TUNNEL_PORT", "7444"));
        assertThat(properties.publicHost()).isEqualTo("relay.example.org");
        assertThat(properties.apiUrl()).isEqualTo("http://relay:8086");
        assertThat(properties.frontPorts()).containsExactly(7000, 7001);
        assertThat(properties.tunnelPort()).isEqualTo(7444);
    }

    @Test
    void defaultsAreThePortsOfTheSuite() {
        RelayProperties properties = bind(Map.of());
        assertThat(properties.tunnelPort()).isEqualTo(7443);
        assertThat(properties.frontPorts()).containsExactly(7000);
        assertThat(properties.spliceVersions()).isEmpty();
        assertThat(properties.door().allow()).isEmpty();
        assertThat(properties.door().proxyProtocolFrom()).isEmpty();
    }

    @Test
    void doorsListsAreReadFromOneValue() {
        RelayProperties.Door door = bind(Map.of("P2P_RELAY_DOOR_PROXYPROTOCOLFROM", "10.0.0.0/8, 2001:db8::/32"))
                .door();
        assertThat(door.proxyProtocolFrom()).containsExactly("10.0.0.0/8", "2001:db8::/32");
    }

    @Test
    void everyFaultIsReportedAtOnce() {
        assertThatThrownBy(() -> bind(Map.of(
                        "P2P_RELAY_TUNNEL_PORT", "7000",
                        "P2P_RELAY_ANNOUNCE_EVERY", "1h",
                        "P2P_RELAY_HOSTS_MAX_STREAMS", "4097",
                        "P2P_RELAY_PLAYERS_BURST", "0",
                        "P2P_RELAY_DOOR_ALLOW", "10.0.0.0/8,10.0.0.0/33",
                        "P2P_RELAY_DOOR_DENY", "example.org",
                        "P2P_RELAY_DOOR_PROXY_PROTOCOL_FROM", "0.0.0.0/0",
                        "P2P_RELAY_DOOR_MAX_ENTERING", "0",
                        "P2P_RELAY_DOOR_MAX_QUESTIONS", "901")))
                .rootCause()
                .hasMessageContaining("p2p.relay.tunnel-port: 7000 (expected: ")
                .hasMessageContaining("p2p.relay.announce-every: PT1H (expected: above 0, at most 10 s)")
                .hasMessageContaining("p2p.relay.hosts.max-streams: 4097 (expected: 1 to 4096)")
                .hasMessageContaining("p2p.relay.players.burst: 0 (expected: 1 to 100000)")
                .hasMessageContaining("p2p.relay.door.allow: 10.0.0.0/33 (expected: an address or a network")
                .hasMessageContaining("p2p.relay.door.deny: example.org (expected: an address or a network")
                .hasMessageContaining(
                        "p2p.relay.door.proxy-protocol-from: [0.0.0.0/0] (expected: the load balancers' own networks")
                .hasMessageContaining("p2p.relay.door.max-entering: 0 (expected: 1 to 200000)")
                .hasMessageContaining("p2p.relay.door.max-questions: 901 (expected: 1 to 900");
    }

    @Test
    void ratesAndPlacesThatCannotBeAreReported() {
        assertThatThrownBy(() -> bind(Map.of(
                        "P2P_RELAY_RATES_CHAT_PER_SECOND", "0",
                        "P2P_RELAY_RATES_MOVE_BURST", "-1",
                        "P2P_RELAY_RATES_ACTION_BURST", "1000001",
                        "P2P_RELAY_HOSTS_MAX_ENTERING", "0",
                        "P2P_RELAY_HOSTS_MAX_PER_NETWORK", "0",
                        "P2P_RELAY_HOSTS_NETWORK_PER_SECOND", "0",
                        "P2P_RELAY_DOOR_NETWORK_BURST", "0")))
                .rootCause()
                .hasMessageContaining("p2p.relay.rates.chat-per-second: 0 (expected: 1 to 1000000)")
                .hasMessageContaining("p2p.relay.rates.move-burst: -1 (expected: 1 to 1000000)")
                .hasMessageContaining("p2p.relay.rates.action-burst: 1000001 (expected: 1 to 1000000)")
                .hasMessageContaining("p2p.relay.hosts.max-entering: 0 (expected: 1 to 200000)")
                .hasMessageContaining("p2p.relay.hosts.max-per-network: 0 (expected: 1 to 200000)")
                .hasMessageContaining("p2p.relay.hosts.network-per-second: 0.0 (expected: above 0, at most 100000)")
                .hasMessageContaining("p2p.relay.door.network-burst: 0 (expected: 1 to 100000)");
    }

    private static RelayProperties bind(Map<String, Object> environment) {
        StandardEnvironment spring = new StandardEnvironment();
        spring.getPropertySources()
                .forEach(source -> spring.getPropertySources().remove(source.getName()));
        spring.getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, environment));
        ConfigurationPropertySources.attach(spring);
        return Binder.get(spring).bindOrCreate("p2p.relay", RelayProperties.class);
    }
}
