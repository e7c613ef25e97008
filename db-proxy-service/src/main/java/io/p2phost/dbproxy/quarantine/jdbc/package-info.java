/** Finds in PostgreSQL. */
@NullMarked
package io.p2phost.dbproxy.quarantine.jdbc;

import org.jspecify.annotations.NullMarked;
