/** Relays that are alive. */
@NullMarked
package io.p2phost.dbproxy.relays;

import org.jspecify.annotations.NullMarked;
