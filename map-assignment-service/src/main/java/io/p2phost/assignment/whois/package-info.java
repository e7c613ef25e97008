/** Who a player is, of whom map-servers know an address only. */
@NullMarked
package io.p2phost.assignment.whois;

import org.jspecify.annotations.NullMarked;
