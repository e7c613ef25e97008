/** Choosing a host for a map: gates that must all be passed, a score that is explained, near ties broken at random. */
@NullMarked
package io.p2phost.assignment.selection;

import org.jspecify.annotations.NullMarked;
