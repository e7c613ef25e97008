/** Host states asked from the registry. */
@NullMarked
package io.p2phost.dbproxy.hosts.net;

import org.jspecify.annotations.NullMarked;
