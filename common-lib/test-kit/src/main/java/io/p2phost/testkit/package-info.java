/** Real PostgreSQL and Kafka for tests, running services under test, and the architecture's rules. */
@NullMarked
package io.p2phost.testkit;

import org.jspecify.annotations.NullMarked;
