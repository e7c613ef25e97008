/** Verdicts out, through the outbox. */
@NullMarked
package io.p2phost.security.verdict.kafka;

import org.jspecify.annotations.NullMarked;
