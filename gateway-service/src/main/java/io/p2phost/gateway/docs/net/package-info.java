/** Fetching the services' documents. */
@NullMarked
package io.p2phost.gateway.docs.net;

import org.jspecify.annotations.NullMarked;
