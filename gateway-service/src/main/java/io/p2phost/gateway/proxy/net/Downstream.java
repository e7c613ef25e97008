package io.p2phost.gateway.proxy.net;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.p2phost.gateway.route.Endpoint.Traits;
import java.net.URI;

/**
 * A service as the gateway sees it.
 *
 * @param bundles long transfers have few places of their own, so that they hold neither the others nor much memory
 * @param heartbeats calls that keep hosts alive have places of their own, which other calls cannot take
 */
record Downstream(URI base, CircuitBreaker breaker, Bulkhead calls, Bulkhead heartbeats, Bulkhead bundles) {
    Bulkhead places(Traits traits) {
        return switch (traits) {
            case HEARTBEAT -> heartbeats;
            case BUNDLE -> bundles;
            default -> calls;
        };
    }
}
