/** Which maps may be hosted. */
@NullMarked
package io.p2phost.dbproxy.engine.kafka;

import org.jspecify.annotations.NullMarked;
