/** The only public HTTP door of the suite. */
@NullMarked
package io.p2phost.gateway;

import org.jspecify.annotations.NullMarked;
