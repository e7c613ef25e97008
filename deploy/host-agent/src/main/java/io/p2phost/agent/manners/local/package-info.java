/** Looks at this machine for the manners: programs, input, metered links. */
@NullMarked
package io.p2phost.agent.manners.local;

import org.jspecify.annotations.NullMarked;
