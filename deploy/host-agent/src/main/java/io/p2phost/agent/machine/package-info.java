/** What this machine can do and how loaded it is. */
@NullMarked
package io.p2phost.agent.machine;

import org.jspecify.annotations.NullMarked;
