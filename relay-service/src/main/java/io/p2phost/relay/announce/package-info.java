/** What the relay tells others about itself. */
@NullMarked
package io.p2phost.relay.announce;

import org.jspecify.annotations.NullMarked;
