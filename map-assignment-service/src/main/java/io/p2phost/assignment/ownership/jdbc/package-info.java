/** Ownership rows in PostgreSQL. */
@NullMarked
package io.p2phost.assignment.ownership.jdbc;

import org.jspecify.annotations.NullMarked;
