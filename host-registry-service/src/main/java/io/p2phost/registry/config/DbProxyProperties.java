package io.p2phost.registry.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where hosts reach db-proxy's TCP port; told to each host with its session.
 *
 * @param host name or address as players' machines see it
 */
@ConfigurationProperties("p2p.registry.db-proxy")
record DbProxyProperties(
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("5122") int port) {
    DbProxyProperties {
        new Faults("p2p.registry.db-proxy")
                .require(host.matches("[A-Za-z0-9.:_-]{1,253}"), "host", host, "a host name or an address")
                .between("port", port, 1, 65_535)
                .raise();
    }
}
