/** Hosts from the registry's events. */
@NullMarked
package io.p2phost.relay.command.kafka;

import org.jspecify.annotations.NullMarked;
