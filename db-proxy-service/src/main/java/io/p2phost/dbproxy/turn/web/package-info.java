/** Says whether this instance works, and refuses everything else while it does not. */
@NullMarked
package io.p2phost.dbproxy.turn.web;

import org.jspecify.annotations.NullMarked;
