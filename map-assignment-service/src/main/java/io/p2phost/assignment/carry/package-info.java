/** Players are moved from one relay to another by an operator's word. */
@NullMarked
package io.p2phost.assignment.carry;

import org.jspecify.annotations.NullMarked;
