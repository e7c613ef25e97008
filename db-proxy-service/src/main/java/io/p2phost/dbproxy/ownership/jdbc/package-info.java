/** Ownership in PostgreSQL. */
@NullMarked
package io.p2phost.dbproxy.ownership.jdbc;

import org.jspecify.annotations.NullMarked;
