/** Failovers and their steps in PostgreSQL. */
@NullMarked
package io.p2phost.assignment.failover.jdbc;

import org.jspecify.annotations.NullMarked;
