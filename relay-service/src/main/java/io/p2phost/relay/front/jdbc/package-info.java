/** What the front keeps in PostgreSQL. */
@NullMarked
package io.p2phost.relay.front.jdbc;

import org.jspecify.annotations.NullMarked;
