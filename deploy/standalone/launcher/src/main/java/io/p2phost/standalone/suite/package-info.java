/** Which parts there are, where they listen, and their life together: start, watch, restart, stop. */
@NullMarked
package io.p2phost.standalone.suite;

import org.jspecify.annotations.NullMarked;
