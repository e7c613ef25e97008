/** The program behind {@code ./p2p}: reads the command and hands it to the suite. */
@NullMarked
package io.p2phost.standalone;

import org.jspecify.annotations.NullMarked;
