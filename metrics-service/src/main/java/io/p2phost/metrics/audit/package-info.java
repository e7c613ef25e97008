/** Who did what: append-only. */
@NullMarked
package io.p2phost.metrics.audit;

import org.jspecify.annotations.NullMarked;
