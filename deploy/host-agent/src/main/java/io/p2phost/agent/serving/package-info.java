/** Carrying maps: assignments, char links, readiness, streams. */
@NullMarked
package io.p2phost.agent.serving;

import org.jspecify.annotations.NullMarked;
