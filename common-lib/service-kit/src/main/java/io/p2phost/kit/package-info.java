/** What all seven services share: how one is started and what it is told by default. */
@NullMarked
package io.p2phost.kit;

import org.jspecify.annotations.NullMarked;
