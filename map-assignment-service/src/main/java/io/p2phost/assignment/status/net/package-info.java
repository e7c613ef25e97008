/** Asks every service how it is. */
@NullMarked
package io.p2phost.assignment.status.net;

import org.jspecify.annotations.NullMarked;
