/** What the multiplexer asks of relays and of assignment, over HTTP. */
@NullMarked
package io.p2phost.dbproxy.engine.net;

import org.jspecify.annotations.NullMarked;
