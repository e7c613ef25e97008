/**
 * The tunnel between a player's host and a relay: {@link io.p2phost.links.tunnel.TunnelServer} on the relay,
 * {@link io.p2phost.links.tunnel.TunnelClient} on the host. The relay opens streams, the host connects them to its
 * cells; ASSIGN, READY and FENCED travel beside them. {@code docs/relay-protocol.md} is the reference.
 */
@NullMarked
package io.p2phost.links.tunnel;

import org.jspecify.annotations.NullMarked;
