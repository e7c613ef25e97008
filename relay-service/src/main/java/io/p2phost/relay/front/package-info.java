/** The players' side of the relay: public ports, player connections and where they lead. */
@NullMarked
package io.p2phost.relay.front;

import org.jspecify.annotations.NullMarked;
