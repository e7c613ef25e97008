/** Owners in effect as db-proxy announces them. */
@NullMarked
package io.p2phost.assignment.ownership.kafka;

import org.jspecify.annotations.NullMarked;
