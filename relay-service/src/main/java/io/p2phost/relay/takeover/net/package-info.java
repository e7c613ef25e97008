/** The unix socket between two processes of the relay, and sockets made of descriptors. */
@NullMarked
package io.p2phost.relay.takeover.net;

import org.jspecify.annotations.NullMarked;
