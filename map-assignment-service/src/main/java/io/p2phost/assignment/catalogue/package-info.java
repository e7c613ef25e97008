/** Which maps there are and which of them players may host. */
@NullMarked
package io.p2phost.assignment.catalogue;

import org.jspecify.annotations.NullMarked;
