/** Relay loads from events. */
@NullMarked
package io.p2phost.metrics.region.kafka;

import org.jspecify.annotations.NullMarked;
