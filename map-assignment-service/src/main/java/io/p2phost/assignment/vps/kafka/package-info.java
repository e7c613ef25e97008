/** VPS map-servers as events. */
@NullMarked
package io.p2phost.assignment.vps.kafka;

import org.jspecify.annotations.NullMarked;
