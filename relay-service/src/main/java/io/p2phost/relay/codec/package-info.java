/** Clients whose streams are not plain: how they are read, and written for map-servers that expect them so. */
@NullMarked
package io.p2phost.relay.codec;

import org.jspecify.annotations.NullMarked;
