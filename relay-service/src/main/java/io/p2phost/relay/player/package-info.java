/** A player's session: his own connection, which stays, and the map-servers behind it, one after the other. */
@NullMarked
package io.p2phost.relay.player;

import org.jspecify.annotations.NullMarked;
