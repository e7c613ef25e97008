/** What the relays carry now, by region. */
@NullMarked
package io.p2phost.metrics.region;

import org.jspecify.annotations.NullMarked;
