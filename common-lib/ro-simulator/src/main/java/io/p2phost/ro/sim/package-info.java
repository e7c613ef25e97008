/** rAthena's char-server, map-server and client as deterministic state machines, and the sockets to run them over. */
@NullMarked
package io.p2phost.ro.sim;

import org.jspecify.annotations.NullMarked;
