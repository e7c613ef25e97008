/** Observers asked over HTTP. */
@NullMarked
package io.p2phost.assignment.failover.net;

import org.jspecify.annotations.NullMarked;
