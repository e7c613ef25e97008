/** Hosts in PostgreSQL. */
@NullMarked
package io.p2phost.registry.host.jpa;

import org.jspecify.annotations.NullMarked;
