/** Measuring through OSHI. */
@NullMarked
package io.p2phost.agent.machine.oshi;

import org.jspecify.annotations.NullMarked;
