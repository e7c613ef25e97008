/** Recorded streams for tests. */
@NullMarked
package io.p2phost.ro.testing;

import org.jspecify.annotations.NullMarked;
