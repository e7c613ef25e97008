/** Observations on Kafka. */
@NullMarked
package io.p2phost.dbproxy.observation.kafka;

import org.jspecify.annotations.NullMarked;
