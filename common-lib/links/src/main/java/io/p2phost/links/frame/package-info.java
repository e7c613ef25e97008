/** Frames of the tunnel and the char link: an 8-byte header, bounds checked before anything is allocated. */
@NullMarked
package io.p2phost.links.frame;

import org.jspecify.annotations.NullMarked;
