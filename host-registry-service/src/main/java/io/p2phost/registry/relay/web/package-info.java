/** HTTP calls of and about relays. */
@NullMarked
package io.p2phost.registry.relay.web;

import org.jspecify.annotations.NullMarked;
