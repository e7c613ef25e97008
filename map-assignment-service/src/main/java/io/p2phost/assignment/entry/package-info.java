/** Decides where a player who enters a map is sent. */
@NullMarked
package io.p2phost.assignment.entry;

import org.jspecify.annotations.NullMarked;
