/** Refusals of the gateway itself. */
@NullMarked
package io.p2phost.gateway.problem;

import org.jspecify.annotations.NullMarked;
