/** What players ask the suite in the chat ({@code @p2p…}), answered by the relay. */
@NullMarked
package io.p2phost.relay.command;

import org.jspecify.annotations.NullMarked;
