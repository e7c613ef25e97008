/** What the relay counts and tells of its load. */
@NullMarked
package io.p2phost.relay.telemetry;

import org.jspecify.annotations.NullMarked;
