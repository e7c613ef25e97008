/** The VPS map-servers that the operator registered. */
@NullMarked
package io.p2phost.assignment.vps;

import org.jspecify.annotations.NullMarked;
