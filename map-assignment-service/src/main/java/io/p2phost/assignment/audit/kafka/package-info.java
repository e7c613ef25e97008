/** Audit entries as events. */
@NullMarked
package io.p2phost.assignment.audit.kafka;

import org.jspecify.annotations.NullMarked;
