/** Tunnels, char links and players' streams over real TCP. */
@NullMarked
package io.p2phost.agent.link.net;

import org.jspecify.annotations.NullMarked;
