/** The suite over real sockets: a simple relay, and db-proxy with everything that talks to it. */
@NullMarked
package io.p2phost.dbproxy.suite;

import org.jspecify.annotations.NullMarked;
