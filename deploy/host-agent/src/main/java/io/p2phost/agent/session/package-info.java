/** Staying a member: token, certificate, session, lease. */
@NullMarked
package io.p2phost.agent.session;

import org.jspecify.annotations.NullMarked;
