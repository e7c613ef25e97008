/** A new process of the relay takes everything over from the one that runs. */
@NullMarked
package io.p2phost.relay.takeover;

import org.jspecify.annotations.NullMarked;
