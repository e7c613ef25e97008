/** The last known requirements in PostgreSQL. */
@NullMarked
package io.p2phost.registry.host.jdbc;

import org.jspecify.annotations.NullMarked;
