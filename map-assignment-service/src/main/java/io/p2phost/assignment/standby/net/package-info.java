/** What relays and db-proxy are told and asked of standbys. */
@NullMarked
package io.p2phost.assignment.standby.net;

import org.jspecify.annotations.NullMarked;
