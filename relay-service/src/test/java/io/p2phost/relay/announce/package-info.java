@NullMarked
package io.p2phost.relay.announce;

import org.jspecify.annotations.NullMarked;
