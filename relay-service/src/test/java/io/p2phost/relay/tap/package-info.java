@NullMarked
package io.p2phost.relay.tap;

import org.jspecify.annotations.NullMarked;
