/** Exchange of API keys at the registry. */
@NullMarked
package io.p2phost.gateway.door.net;

import org.jspecify.annotations.NullMarked;
