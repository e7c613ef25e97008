/** Calls to the services, with deadlines, circuit breakers and bulkheads. */
@NullMarked
package io.p2phost.gateway.proxy.net;

import org.jspecify.annotations.NullMarked;
