/** The question for requirements to map-assignment-service. */
@NullMarked
package io.p2phost.registry.host.net;

import org.jspecify.annotations.NullMarked;
