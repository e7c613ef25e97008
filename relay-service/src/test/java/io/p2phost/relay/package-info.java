@NullMarked
package io.p2phost.relay;

import org.jspecify.annotations.NullMarked;
