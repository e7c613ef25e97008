/** Hosts' tunnels: who is admitted, what hosts are told and what they say, what follows when one is lost. */
@NullMarked
package io.p2phost.relay.tunnel;

import org.jspecify.annotations.NullMarked;
