/** Observations on Kafka. */
@NullMarked
package io.p2phost.relay.tap.kafka;

import org.jspecify.annotations.NullMarked;
