/** What hosts can run: the maps of the bundle that is released. */
@NullMarked
package io.p2phost.assignment.bundle;

import org.jspecify.annotations.NullMarked;
