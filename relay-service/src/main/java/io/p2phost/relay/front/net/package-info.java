/** Sockets of the front. */
@NullMarked
package io.p2phost.relay.front.net;

import org.jspecify.annotations.NullMarked;
