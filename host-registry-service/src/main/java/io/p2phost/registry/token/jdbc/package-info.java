/** Signing keys and used assertion ids in PostgreSQL. */
@NullMarked
package io.p2phost.registry.token.jdbc;

import org.jspecify.annotations.NullMarked;
