/** Relays that are alive, as they say themselves every few seconds. */
@NullMarked
package io.p2phost.registry.relay;

import org.jspecify.annotations.NullMarked;
