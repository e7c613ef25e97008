/** The players' side of the relay. */
@NullMarked
package io.p2phost.relay.front;

import org.jspecify.annotations.NullMarked;
