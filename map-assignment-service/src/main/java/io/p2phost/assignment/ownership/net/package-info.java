/** Calls to db-proxy, registry and relays. */
@NullMarked
package io.p2phost.assignment.ownership.net;

import org.jspecify.annotations.NullMarked;
