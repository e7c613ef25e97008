/** Strikes in PostgreSQL, one row per host. */
@NullMarked
package io.p2phost.security.verdict.jdbc;

import org.jspecify.annotations.NullMarked;
