/** What is passed on between caller and service. */
@NullMarked
package io.p2phost.gateway.proxy;

import org.jspecify.annotations.NullMarked;
