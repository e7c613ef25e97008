/** How the suite is. */
@NullMarked
package io.p2phost.assignment.status;

import org.jspecify.annotations.NullMarked;
