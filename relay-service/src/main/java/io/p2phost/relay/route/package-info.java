/** Which owner serves a map, and at which public port. */
@NullMarked
package io.p2phost.relay.route;

import org.jspecify.annotations.NullMarked;
