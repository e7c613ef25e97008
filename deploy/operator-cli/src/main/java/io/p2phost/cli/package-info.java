/** The operator's commands, {@code p2p-control} and {@code p2p-keygen}: the gateway's REST on a command line. */
@NullMarked
package io.p2phost.cli;

import org.jspecify.annotations.NullMarked;
