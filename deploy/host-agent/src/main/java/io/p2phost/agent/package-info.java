/** The program on a player's machine that lends it to the server as a place for maps. */
@NullMarked
package io.p2phost.agent;

import org.jspecify.annotations.NullMarked;
