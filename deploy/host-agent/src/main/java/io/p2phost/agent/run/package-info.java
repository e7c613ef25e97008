/** The running agent: its parts put together. */
@NullMarked
package io.p2phost.agent.run;

import org.jspecify.annotations.NullMarked;
