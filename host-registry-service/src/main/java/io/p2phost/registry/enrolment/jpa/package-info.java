/** Enrolment codes in PostgreSQL. */
@NullMarked
package io.p2phost.registry.enrolment.jpa;

import org.jspecify.annotations.NullMarked;
