/** The commands of p2p-host. */
@NullMarked
package io.p2phost.agent.command;

import org.jspecify.annotations.NullMarked;
