/** The char-server's port for clients, as players reach it through the relay of their region. */
@NullMarked
package io.p2phost.relay.charfront;

import org.jspecify.annotations.NullMarked;
