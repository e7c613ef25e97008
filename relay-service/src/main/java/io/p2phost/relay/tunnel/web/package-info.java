/** What map-assignment asks of tunnels and tells hosts through them. */
@NullMarked
package io.p2phost.relay.tunnel.web;

import org.jspecify.annotations.NullMarked;
