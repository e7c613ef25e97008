/**
 * The packets between map-servers and the char-server. {@code inter-packets.txt} is the one place that knows where their
 * fields are; the views read and write them in place.
 */
@NullMarked
package io.p2phost.ro.inter;

import org.jspecify.annotations.NullMarked;
