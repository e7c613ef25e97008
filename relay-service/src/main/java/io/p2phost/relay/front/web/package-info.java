/** Routes over HTTP, for services only. */
@NullMarked
package io.p2phost.relay.front.web;

import org.jspecify.annotations.NullMarked;
