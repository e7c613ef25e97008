/** Host events to Kafka; heartbeats, host states, assignments and verdicts from it. */
@NullMarked
package io.p2phost.registry.host.kafka;

import org.jspecify.annotations.NullMarked;
