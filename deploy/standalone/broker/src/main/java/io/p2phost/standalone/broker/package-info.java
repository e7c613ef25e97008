/** The real Kafka broker, started inside a JVM of ours: formatted once, then kept through restarts. */
@NullMarked
package io.p2phost.standalone.broker;

import org.jspecify.annotations.NullMarked;
