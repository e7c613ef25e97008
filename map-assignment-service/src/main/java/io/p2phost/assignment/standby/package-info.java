/** For every map on a host, another host that is ready to take it over. */
@NullMarked
package io.p2phost.assignment.standby;

import org.jspecify.annotations.NullMarked;
