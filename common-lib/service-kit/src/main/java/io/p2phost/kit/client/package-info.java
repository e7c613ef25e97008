/** Calls from one service to another. */
@NullMarked
package io.p2phost.kit.client;

import org.jspecify.annotations.NullMarked;
