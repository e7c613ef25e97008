/** Versions of the operator's files in PostgreSQL. */
@NullMarked
package io.p2phost.assignment.config.jpa;

import org.jspecify.annotations.NullMarked;
