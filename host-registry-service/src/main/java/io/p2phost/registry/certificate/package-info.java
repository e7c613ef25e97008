/** The suite's certificate authority and the 24-hour leaves it issues to hosts and services. */
@NullMarked
package io.p2phost.registry.certificate;

import org.jspecify.annotations.NullMarked;
