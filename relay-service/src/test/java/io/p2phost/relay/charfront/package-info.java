@NullMarked
package io.p2phost.relay.charfront;

import org.jspecify.annotations.NullMarked;
