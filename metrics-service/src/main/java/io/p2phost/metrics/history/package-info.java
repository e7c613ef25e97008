/** How hosts fared over time. */
@NullMarked
package io.p2phost.metrics.history;

import org.jspecify.annotations.NullMarked;
