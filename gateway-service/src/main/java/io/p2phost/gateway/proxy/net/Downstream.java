package io.p2phost.gateway.proxy.net;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.net.URI;

/**
 * A service as the gateway sees it.
 *
 * @param heartbeats calls that keep hosts alive have places of their own, which other calls cannot take
 */
record Downstream(URI base, CircuitBreaker breaker, Bulkhead calls, Bulkhead heartbeats) {}
