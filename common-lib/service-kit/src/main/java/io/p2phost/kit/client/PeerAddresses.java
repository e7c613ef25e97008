package io.p2phost.kit.client;

import io.p2phost.contracts.ServiceName;
import org.springframework.core.env.Environment;

/** Base URLs of the other services, from {@code p2p.services.<id>}; the usual ports on loopback by default. */
public final class PeerAddresses {
    private final Environment environment;

    public PeerAddresses(Environment environment) {
        this.environment = environment;
    }

    /** The service's base URL without a trailing slash. */
    public String baseUrl(ServiceName service) {
        String url =
                environment.getProperty("p2p.services." + service.id(), "http://127.0.0.1:" + service.defaultPort());
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
