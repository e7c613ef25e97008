/** The registry's and assignment's sides of the tunnels, over HTTP. */
@NullMarked
package io.p2phost.relay.tunnel.net;

import org.jspecify.annotations.NullMarked;
