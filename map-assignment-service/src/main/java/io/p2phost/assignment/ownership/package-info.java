/** Who serves a map: what is wanted, what db-proxy decided, and whether the owner is ready. */
@NullMarked
package io.p2phost.assignment.ownership;

import org.jspecify.annotations.NullMarked;
