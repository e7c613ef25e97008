/** metrics-service: what happened, kept and shown. */
@NullMarked
package io.p2phost.metrics;

import org.jspecify.annotations.NullMarked;
