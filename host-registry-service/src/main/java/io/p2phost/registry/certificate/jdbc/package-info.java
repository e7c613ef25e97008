/** The authority's key and certificate in PostgreSQL, the key sealed. */
@NullMarked
package io.p2phost.registry.certificate.jdbc;

import org.jspecify.annotations.NullMarked;
