/** Host history from heartbeats. */
@NullMarked
package io.p2phost.metrics.history.kafka;

import org.jspecify.annotations.NullMarked;
