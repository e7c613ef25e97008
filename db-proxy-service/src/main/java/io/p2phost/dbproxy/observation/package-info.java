/** What the multiplexer sees of hosts, told to those who judge them. */
@NullMarked
package io.p2phost.dbproxy.observation;

import org.jspecify.annotations.NullMarked;
