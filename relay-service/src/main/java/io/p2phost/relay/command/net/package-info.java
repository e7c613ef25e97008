/** Other services' figures over HTTP. */
@NullMarked
package io.p2phost.relay.command.net;

import org.jspecify.annotations.NullMarked;
