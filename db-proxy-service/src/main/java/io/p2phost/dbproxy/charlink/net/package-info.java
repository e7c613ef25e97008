/** The registry's and assignment's sides of the char links, over HTTP. */
@NullMarked
package io.p2phost.dbproxy.charlink.net;

import org.jspecify.annotations.NullMarked;
