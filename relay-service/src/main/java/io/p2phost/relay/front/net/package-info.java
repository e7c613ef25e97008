/** db-proxy over HTTP. */
@NullMarked
package io.p2phost.relay.front.net;

import org.jspecify.annotations.NullMarked;
