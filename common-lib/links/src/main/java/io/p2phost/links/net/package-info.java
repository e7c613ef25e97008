/** Sockets under the links: event loops of one owner, and who may connect how often. */
@NullMarked
package io.p2phost.links.net;

import org.jspecify.annotations.NullMarked;
