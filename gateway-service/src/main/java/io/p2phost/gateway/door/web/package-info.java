/** The filter that every request passes, and the access log. */
@NullMarked
package io.p2phost.gateway.door.web;

import org.jspecify.annotations.NullMarked;
