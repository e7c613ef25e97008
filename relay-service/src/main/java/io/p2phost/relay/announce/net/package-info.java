/** Announcements over HTTP. */
@NullMarked
package io.p2phost.relay.announce.net;

import org.jspecify.annotations.NullMarked;
