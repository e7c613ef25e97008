/** Which public path belongs to which service, and who may pass. */
@NullMarked
package io.p2phost.gateway.route;

import org.jspecify.annotations.NullMarked;
