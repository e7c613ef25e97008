/** One-time codes by which a player's machine becomes a host. */
@NullMarked
package io.p2phost.registry.enrolment;

import org.jspecify.annotations.NullMarked;
