/** Streams over one connection: windows per stream, fair turns, half-close, liveness; the engine of tunnel and char link. */
@NullMarked
package io.p2phost.links.mux;

import org.jspecify.annotations.NullMarked;
