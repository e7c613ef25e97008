/** Audit entries through the outbox. */
@NullMarked
package io.p2phost.registry.audit.kafka;

import org.jspecify.annotations.NullMarked;
