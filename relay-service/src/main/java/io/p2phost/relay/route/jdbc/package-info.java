/** Public ports in PostgreSQL. */
@NullMarked
package io.p2phost.relay.route.jdbc;

import org.jspecify.annotations.NullMarked;
