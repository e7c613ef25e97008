/** Player sessions that survive a restart of this service. */
@NullMarked
package io.p2phost.dbproxy.sessions;

import org.jspecify.annotations.NullMarked;
