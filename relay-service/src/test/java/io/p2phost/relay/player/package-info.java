@NullMarked
package io.p2phost.relay.player;

import org.jspecify.annotations.NullMarked;
