/** Hosts: their state, sessions, leases, capability and tier. */
@NullMarked
package io.p2phost.registry.host;

import org.jspecify.annotations.NullMarked;
