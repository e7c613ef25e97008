/** Audit entries from events. */
@NullMarked
package io.p2phost.metrics.audit.kafka;

import org.jspecify.annotations.NullMarked;
