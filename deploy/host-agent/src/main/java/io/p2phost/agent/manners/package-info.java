/** When the machine is its owner's alone: decides from what is seen of it whether maps may come, must stay away or go. */
@NullMarked
package io.p2phost.agent.manners;

import org.jspecify.annotations.NullMarked;
