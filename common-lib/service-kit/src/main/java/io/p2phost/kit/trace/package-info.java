/** The trace a piece of work belongs to. */
@NullMarked
package io.p2phost.kit.trace;

import org.jspecify.annotations.NullMarked;
