/** API keys in PostgreSQL. */
@NullMarked
package io.p2phost.registry.apikey.jpa;

import org.jspecify.annotations.NullMarked;
