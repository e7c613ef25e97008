/**
 * The inter-server multiplexer: untrusted map-servers behind one of the two logins of a stock char-server. Plain,
 * single-threaded state machines: whoever drives them brings packets, decisions and time, and carries out what they ask.
 */
@NullMarked
package io.p2phost.dbproxy.mux;

import org.jspecify.annotations.NullMarked;
