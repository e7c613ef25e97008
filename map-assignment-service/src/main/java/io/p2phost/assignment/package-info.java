/** Decides which maps may be hosted by players, by whom, and moves them when a host is lost. */
@NullMarked
package io.p2phost.assignment;

import org.jspecify.annotations.NullMarked;
