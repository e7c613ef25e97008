/** Host history in daily partitions. */
@NullMarked
package io.p2phost.metrics.history.jdbc;

import org.jspecify.annotations.NullMarked;
