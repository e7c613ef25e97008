/** The agent's folder: key, identity, the player's own limits, assignments held, lock. */
@NullMarked
package io.p2phost.agent.home;

import org.jspecify.annotations.NullMarked;
