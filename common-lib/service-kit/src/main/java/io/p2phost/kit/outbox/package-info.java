/** Events that commit together with the state change that caused them. */
@NullMarked
package io.p2phost.kit.outbox;

import org.jspecify.annotations.NullMarked;
