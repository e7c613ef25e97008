/** Audit entries in PostgreSQL. */
@NullMarked
package io.p2phost.metrics.audit.jpa;

import org.jspecify.annotations.NullMarked;
