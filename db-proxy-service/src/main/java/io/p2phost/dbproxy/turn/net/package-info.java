/** Asks the other instances whether they work, and opens this one's ports when it is to. */
@NullMarked
package io.p2phost.dbproxy.turn.net;

import org.jspecify.annotations.NullMarked;
