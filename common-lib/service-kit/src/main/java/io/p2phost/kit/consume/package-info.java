/** Consumption of events: once per event id, or everything for an index in memory. */
@NullMarked
package io.p2phost.kit.consume;

import org.jspecify.annotations.NullMarked;
