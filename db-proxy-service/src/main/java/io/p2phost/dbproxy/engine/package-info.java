/** The multiplexer at work: its one thread, the connections it speaks over, and what it asks of the rest of the suite. */
@NullMarked
package io.p2phost.dbproxy.engine;

import org.jspecify.annotations.NullMarked;
