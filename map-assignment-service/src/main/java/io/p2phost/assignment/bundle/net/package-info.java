/** The registry's answer. */
@NullMarked
package io.p2phost.assignment.bundle.net;

import org.jspecify.annotations.NullMarked;
