/** Char links: what a host's map-server may say to the char-server, for as long as the host owns the map. */
@NullMarked
package io.p2phost.dbproxy.charlink;

import org.jspecify.annotations.NullMarked;
