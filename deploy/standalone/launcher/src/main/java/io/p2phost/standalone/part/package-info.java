/** The parts themselves: PostgreSQL, the broker and the services, in this JVM or as processes. */
@NullMarked
package io.p2phost.standalone.part;

import org.jspecify.annotations.NullMarked;
