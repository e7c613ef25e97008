/** Work that is done again and again in the background. */
@NullMarked
package io.p2phost.registry.loop;

import org.jspecify.annotations.NullMarked;
