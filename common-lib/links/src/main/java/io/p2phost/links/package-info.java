/** What every link between hosts, relays and db-proxy shares: why links end, what is counted, how retries are spaced. */
@NullMarked
package io.p2phost.links;

import org.jspecify.annotations.NullMarked;
