@NullMarked
package io.p2phost.relay.takeover;

import org.jspecify.annotations.NullMarked;
