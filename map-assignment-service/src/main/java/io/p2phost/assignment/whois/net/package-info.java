/** Relays are asked over HTTP. */
@NullMarked
package io.p2phost.assignment.whois.net;

import org.jspecify.annotations.NullMarked;
