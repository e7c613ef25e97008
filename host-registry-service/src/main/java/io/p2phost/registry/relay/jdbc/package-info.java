/** Relays in PostgreSQL. */
@NullMarked
package io.p2phost.registry.relay.jdbc;

import org.jspecify.annotations.NullMarked;
