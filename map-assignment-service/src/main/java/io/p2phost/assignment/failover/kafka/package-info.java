/** Hosts lost according to the registry. */
@NullMarked
package io.p2phost.assignment.failover.kafka;

import org.jspecify.annotations.NullMarked;
