package io.p2phost.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wiring that belongs to no single feature. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
class GatewayConfiguration {
    /** API keys and tokens must not cross a network in the clear. */
    @Bean
    InitializingBean plainHttpStaysOnThisMachine(Environment environment, GatewayProperties properties) {
        return () -> {
            String address = environment.getProperty("server.address", "0.0.0.0");
            boolean tls = environment.containsProperty("server.ssl.bundle")
                    || environment.containsProperty("server.ssl.certificate")
                    || environment.containsProperty("server.ssl.key-store");
            if (!tls && !properties.allowPlainHttp() && !isLoopback(address)) {
                throw new IllegalArgumentException("p2p.bind-address: " + address
                        + " (expected: a loopback address, or TLS by server.ssl.*, or p2p.gateway.allow-plain-http=true"
                        + " where only this machine reaches the port)");
            }
        };
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "p2p.bind-address: " + address + " (expected: an address of this machine)");
        }
    }
}
