/** Telling relays about owners. */
@NullMarked
package io.p2phost.dbproxy.ownership.net;

import org.jspecify.annotations.NullMarked;
