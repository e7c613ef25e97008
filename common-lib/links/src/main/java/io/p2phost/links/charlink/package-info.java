/**
 * The char link between a host and db-proxy: {@link io.p2phost.links.charlink.CharLinkClient} on the host gives the cell
 * a local address for its char-server, {@link io.p2phost.links.charlink.CharLinkServer} on db-proxy takes its bytes only
 * while (host, map, epoch) is in effect. One link per map; one cell connection at a time on it.
 */
@NullMarked
package io.p2phost.links.charlink;

import org.jspecify.annotations.NullMarked;
