/** What is known of the hosts' states. */
@NullMarked
package io.p2phost.dbproxy.hosts;

import org.jspecify.annotations.NullMarked;
