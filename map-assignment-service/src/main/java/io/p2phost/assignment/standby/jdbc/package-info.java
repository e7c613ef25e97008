/** Standbys in PostgreSQL. */
@NullMarked
package io.p2phost.assignment.standby.jdbc;

import org.jspecify.annotations.NullMarked;
