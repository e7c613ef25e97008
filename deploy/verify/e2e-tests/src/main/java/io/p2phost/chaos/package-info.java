/** What {@code ./p2p soak chaos} is made of: machines behind simulated NAT, faults by a seed, and what may never be seen. */
@NullMarked
package io.p2phost.chaos;

import org.jspecify.annotations.NullMarked;
