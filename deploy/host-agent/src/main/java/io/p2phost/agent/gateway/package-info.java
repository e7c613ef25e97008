/** The agent's side of the suite's public HTTP interface. */
@NullMarked
package io.p2phost.agent.gateway;

import org.jspecify.annotations.NullMarked;
