/** What an operator does to all maps at once, or to one by hand. */
@NullMarked
package io.p2phost.assignment.control;

import org.jspecify.annotations.NullMarked;
