@NullMarked
package io.p2phost.relay.takeover.net;

import org.jspecify.annotations.NullMarked;
