/** Host states from the registry's events. */
@NullMarked
package io.p2phost.relay.tunnel.kafka;

import org.jspecify.annotations.NullMarked;
