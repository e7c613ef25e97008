/** Who is calling, and how often he may. */
@NullMarked
package io.p2phost.gateway.door;

import org.jspecify.annotations.NullMarked;
