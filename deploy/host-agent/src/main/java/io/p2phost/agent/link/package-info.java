/** Everything that keeps connections open to the server side. */
@NullMarked
package io.p2phost.agent.link;

import org.jspecify.annotations.NullMarked;
