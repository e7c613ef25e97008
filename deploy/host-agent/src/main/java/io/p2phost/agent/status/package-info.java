/** What the agent tells its owner about itself. */
@NullMarked
package io.p2phost.agent.status;

import org.jspecify.annotations.NullMarked;
