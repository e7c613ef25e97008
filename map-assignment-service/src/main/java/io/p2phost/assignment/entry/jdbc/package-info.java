/** Answers to entries in PostgreSQL. */
@NullMarked
package io.p2phost.assignment.entry.jdbc;

import org.jspecify.annotations.NullMarked;
