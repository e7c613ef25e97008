/** The lock by which instances take turns, in PostgreSQL. */
@NullMarked
package io.p2phost.dbproxy.turn.jdbc;

import org.jspecify.annotations.NullMarked;
