@NullMarked
package io.p2phost.relay.command;

import org.jspecify.annotations.NullMarked;
