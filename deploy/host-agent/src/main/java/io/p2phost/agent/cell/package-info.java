/** Cells: the map-servers that the agent runs itself, from a bundle, confined, watched, and ended with it. */
@NullMarked
package io.p2phost.agent.cell;

import org.jspecify.annotations.NullMarked;
