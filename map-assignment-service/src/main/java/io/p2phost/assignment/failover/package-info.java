/** Moves the maps of a lost host, and repairs what was left half done. */
@NullMarked
package io.p2phost.assignment.failover;

import org.jspecify.annotations.NullMarked;
