/** What players' packets tell of the hosts that serve them, counted for the validator. */
@NullMarked
package io.p2phost.relay.tap;

import org.jspecify.annotations.NullMarked;
