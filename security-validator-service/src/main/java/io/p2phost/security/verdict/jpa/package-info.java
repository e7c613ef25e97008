/** Verdicts with their evidence in PostgreSQL. */
@NullMarked
package io.p2phost.security.verdict.jpa;

import org.jspecify.annotations.NullMarked;
