/** Host states from the registry's events. */
@NullMarked
package io.p2phost.dbproxy.hosts.kafka;

import org.jspecify.annotations.NullMarked;
